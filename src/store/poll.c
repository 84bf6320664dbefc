/* SPDX-License-Identifier: Apache-2.0 */
#include "store/poll.h"

#include "store/edge.h"
#include "store/stmt.h"

#define POLL_COLUMNS                                                                                                 \
    "status_id, titles, multiple, hide_totals, expires_ms, round, voters_count, votes_0, votes_1, votes_2, votes_3," \
    " votes_4, votes_5, votes_6, votes_7"
#define VOTES_COLUMN 7
_Static_assert(POLL_OPTIONS_MAX == 8, "as many counters as the table has");

static struct poll *read_poll(struct ctx *c, struct stmt *st)
{
    struct poll *p = ARENA_NEW(c->arena, struct poll);
    *p = (struct poll){
        .status_id = db_col_i64(st, 0),
        .titles = db_col_str(st, c->arena, 1),
        .multiple = db_col_i64(st, 2) != 0,
        .hide_totals = db_col_i64(st, 3) != 0,
        .expires_ms = db_col_i64(st, 4),
        .round = db_col_i64(st, 5),
        .voters_count = db_col_i64(st, 6),
    };
    for (int i = 0; i < POLL_OPTIONS_MAX; i++)
        p->votes[i] = db_col_i64(st, VOTES_COLUMN + i);
    return p;
}

enum err store_poll_put(struct ctx *c, const struct poll *p)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO poll (bucket, " POLL_COLUMNS ")"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
                    " ON CONFLICT @ON(bucket, status_id) DO UPDATE SET titles = $3, multiple = $4, hide_totals = $5,"
                    " expires_ms = $6, round = $7, voters_count = $8, votes_0 = $9, votes_1 = $10, votes_2 = $11,"
                    " votes_3 = $12, votes_4 = $13, votes_5 = $14, votes_6 = $15, votes_7 = $16"),
                p->status_id, &st));
    db_bind_str(st, 3, p->titles);
    db_bind_i64(st, 4, p->multiple);
    db_bind_i64(st, 5, p->hide_totals);
    db_bind_i64(st, 6, p->expires_ms);
    db_bind_i64(st, 7, p->round);
    db_bind_i64(st, 8, p->voters_count);
    for (int i = 0; i < POLL_OPTIONS_MAX; i++)
        db_bind_i64(st, 9 + i, p->votes[i]);
    return db_run(c, st, NULL);
}

enum err store_poll_delete(struct ctx *c, int64_t status_id)
{
    return stmt_run_of(c, STR("DELETE FROM poll WHERE bucket = $1 AND status_id = $2"), status_id);
}

enum err store_poll_find(struct ctx *c, int64_t status_id, struct poll **out)
{
    return store_poll_load(c, &status_id, 1, out);
}

enum err store_poll_load(struct ctx *c, const int64_t *ids, int64_t n, struct poll **out)
{
    DB_STMT st = NULL;
    for (int64_t i = 0; i < n; i++)
        out[i] = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(c, STR("SELECT " POLL_COLUMNS " FROM poll WHERE bucket @IN($1) AND status_id @IN($2)"), &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    while (NEXT_ROW(c, st)) {
        struct poll *p = read_poll(c, st);
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == p->status_id)
                out[i] = p;
    }
    return OK;
}

static enum err write_vote(struct ctx *c, struct str sql, int64_t owner, int64_t end, uint32_t choices, int64_t round,
                           bool *added)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, owner, &st));
    db_bind_i64(st, 3, end);
    db_bind_i64(st, 4, choices);
    db_bind_i64(st, 5, round);
    return stmt_wrote(c, st, added);
}

enum err store_poll_vote(struct ctx *c, int64_t status_id, int64_t account_id, uint32_t choices, int64_t round,
                         bool *added)
{
    TRY(write_vote(c,
                   STR("INSERT INTO poll_vote_of (bucket, status_id, account_id, choices, round)"
                       " VALUES ($1, $2, $3, $4, $5)"
                       " ON CONFLICT @ON(bucket, status_id, account_id) DO UPDATE SET choices = $4, round = $5"
                       " WHERE poll_vote_of.round < $5"),
                   status_id, account_id, choices, round, added));
    if (!*added)
        return OK;
    return write_vote(c,
                      STR("INSERT INTO poll_vote_by (bucket, account_id, status_id, choices, round)"
                          " VALUES ($1, $2, $3, $4, $5)"
                          " ON CONFLICT @ON(bucket, account_id, status_id) DO UPDATE SET choices = $4, round = $5"),
                      account_id, status_id, choices, round, added);
}

enum err store_poll_count(struct ctx *c, int64_t status_id, uint32_t choices, int64_t by)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("UPDATE poll SET voters_count = voters_count + $3, votes_0 = votes_0 + $4, votes_1 = votes_1 + $5,"
                    " votes_2 = votes_2 + $6, votes_3 = votes_3 + $7, votes_4 = votes_4 + $8, votes_5 = votes_5 + $9,"
                    " votes_6 = votes_6 + $10, votes_7 = votes_7 + $11 WHERE bucket = $1 AND status_id = $2"),
                status_id, &st));
    db_bind_i64(st, 3, by);
    for (int i = 0; i < POLL_OPTIONS_MAX; i++)
        db_bind_i64(st, 4 + i, (choices & VOTE_BIT(i)) != 0 ? by : 0);
    return db_run(c, st, NULL);
}

static enum err read_votes(struct ctx *c, struct str sql, int64_t owner, int64_t after_id, int64_t limit,
                           struct poll_vote *out, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(stmt_of(c, sql, owner, &st));
    db_bind_i64(st, 3, after_id);
    db_bind_i64(st, 4, limit);
    while (*n < limit && NEXT_ROW(c, st))
        out[(*n)++] = (struct poll_vote){ db_col_i64(st, 0), (uint32_t)db_col_i64(st, 1), db_col_i64(st, 2) };
    return OK;
}

enum err store_poll_voters(struct ctx *c, int64_t status_id, int64_t after_id, int64_t limit, struct poll_vote *out,
                           int64_t *n)
{
    return read_votes(c,
                      STR("SELECT account_id, choices, round FROM poll_vote_of"
                          " WHERE bucket = $1 AND status_id = $2 AND account_id > $3 ORDER BY account_id LIMIT $4"),
                      status_id, after_id, limit, out, n);
}

enum err store_poll_votes_by(struct ctx *c, int64_t account_id, int64_t limit, struct poll_vote *out, int64_t *n)
{
    return read_votes(c,
                      STR("SELECT status_id, choices, round FROM poll_vote_by"
                          " WHERE bucket = $1 AND account_id = $2 AND status_id > $3 ORDER BY status_id LIMIT $4"),
                      account_id, 0, limit, out, n);
}

enum err store_poll_votes_delete(struct ctx *c, int64_t status_id, const int64_t *account_ids, int64_t n)
{
    TRY(edge_delete_ends(c,
                         STR("DELETE FROM poll_vote_by WHERE bucket @IN($1) AND account_id @IN($2) AND status_id = $3"),
                         account_ids, n, status_id));
    return edge_delete_many(c,
                            STR("DELETE FROM poll_vote_of WHERE bucket = $1 AND status_id = $2 AND account_id @IN($3)"),
                            status_id, account_ids, n);
}
