/* SPDX-License-Identifier: Apache-2.0 */
#include "store/follow.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/endorsement.h"
#include "store/list.h"
#include "store/page.h"
#include "store/relation.h"
#include "store/stmt.h"

/* What both tables of wishes have, bound at $3 .. $7. */
static enum err write_wish(struct ctx *c, struct str sql, int64_t owner, int64_t end, int64_t id,
                           const struct follow *f, bool *changed)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, owner, &st));
    db_bind_i64(st, 3, end);
    db_bind_i64(st, 4, f->reblogs);
    db_bind_i64(st, 5, f->notify);
    db_bind_str(st, 6, f->languages);
    if (id != 0)
        db_bind_i64(st, 7, id);
    return stmt_wrote(c, st, changed);
}

static enum err find_wish(struct ctx *c, struct str sql, int64_t owner, int64_t end, struct follow **out)
{
    DB_STMT st = NULL;
    *out = NULL;
    TRY(stmt_of(c, sql, owner, &st));
    db_bind_i64(st, 3, end);
    if (!NEXT_ROW(c, st))
        return OK;
    *out = ARENA_NEW(c->arena, struct follow);
    **out = (struct follow){
        .reblogs = db_col_i64(st, 0) != 0,
        .notify = db_col_i64(st, 1) != 0,
        .languages = db_col_str(st, c->arena, 2),
    };
    return OK;
}

enum err store_follow_find(struct ctx *c, int64_t account_id, int64_t target_id, struct follow **out)
{
    TRY(find_wish(c,
                  STR("SELECT reblogs, notify, languages FROM follow"
                      " WHERE bucket = $1 AND account_id = $2 AND target_id = $3"),
                  account_id, target_id, out));
    if (*out != NULL)
        (*out)->account_id = account_id, (*out)->target_id = target_id;
    return OK;
}

static enum err write_follower(struct ctx *c, struct str sql, const struct follow *f, int64_t id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, sql, f->target_id, &st));
    db_bind_i64(st, 3, f->account_id);
    db_bind_i64(st, 4, f->notify);
    if (id != 0)
        db_bind_i64(st, 5, id);
    return db_run(c, st, NULL);
}

enum err store_follow_insert(struct ctx *c, const struct follow *f, bool *added)
{
    int64_t id = id_new(c, id_bucket(f->account_id));
    TRY(write_wish(c,
                   STR("INSERT INTO follow (bucket, account_id, target_id, reblogs, notify, languages, id)"
                       " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"),
                   f->account_id, f->target_id, id, f, added));
    if (!*added)
        return OK;
    return write_follower(c,
                          STR("INSERT INTO follower (bucket, account_id, source_id, notify, id)"
                              " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"),
                          f, id);
}

enum err store_follow_update(struct ctx *c, const struct follow *f)
{
    TRY(write_wish(c,
                   STR("UPDATE follow SET reblogs = $4, notify = $5, languages = $6"
                       " WHERE bucket = $1 AND account_id = $2 AND target_id = $3"),
                   f->account_id, f->target_id, 0, f, NULL));
    return write_follower(
        c, STR("UPDATE follower SET notify = $4 WHERE bucket = $1 AND account_id = $2 AND source_id = $3"), f, 0);
}

enum err store_follow_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed)
{
    TRY(edge_delete(c, STR("DELETE FROM follow WHERE bucket = $1 AND account_id = $2 AND target_id = $3"), account_id,
                    target_id, removed));
    if (*removed) {
        TRY(store_list_forget(c, account_id, target_id));
        TRY(store_endorsement_delete(c, account_id, target_id));
    }
    return edge_delete(c, STR("DELETE FROM follower WHERE bucket = $1 AND account_id = $2 AND source_id = $3"),
                       target_id, account_id, NULL);
}

enum err store_follow_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, target_id FROM follow"
                              " WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     account_id, p, out, n);
}

enum err store_follower_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, source_id FROM follower"
                              " WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     account_id, p, out, n);
}

enum err store_follow_ends(struct ctx *c, int64_t account_id, int64_t limit, int64_t *out, int64_t *n)
{
    return edge_ends(c, STR("SELECT target_id FROM follow WHERE bucket = $1 AND account_id = $2 LIMIT $3"), account_id,
                     limit, out, n);
}

enum err store_follower_among(struct ctx *c, int64_t account_id, const int64_t *ids, int64_t ids_n, int64_t limit,
                              int64_t *out, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    if (ids_n == 0)
        return OK;
    TRY(stmt_of(c,
                STR("SELECT source_id FROM follower WHERE bucket = $1 AND account_id = $2 AND source_id @IN($3)"
                    " ORDER BY source_id LIMIT $4"),
                account_id, &st));
    db_bind_ids(st, 3, ids, (size_t)ids_n);
    db_bind_i64(st, 4, limit);
    return stmt_ids(c, st, limit, out, n);
}

enum err store_follow_request_find(struct ctx *c, int64_t account_id, int64_t target_id, struct follow **out)
{
    TRY(find_wish(c,
                  STR("SELECT reblogs, notify, languages FROM follow_request"
                      " WHERE bucket = $1 AND account_id = $2 AND source_id = $3"),
                  target_id, account_id, out));
    if (*out != NULL)
        (*out)->account_id = account_id, (*out)->target_id = target_id;
    return OK;
}

enum err store_follow_request_insert(struct ctx *c, const struct follow *f, bool *added)
{
    int64_t id = id_new(c, id_bucket(f->target_id));
    TRY(write_wish(c,
                   STR("INSERT INTO follow_request (bucket, account_id, source_id, reblogs, notify, languages, id)"
                       " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"),
                   f->target_id, f->account_id, id, f, added));
    if (!*added)
        return OK;
    return edge_insert(c,
                       STR("INSERT INTO follow_asked (bucket, account_id, target_id, id) VALUES ($1, $2, $3, $4)"
                           " ON CONFLICT DO NOTHING"),
                       f->account_id, f->target_id, id, NULL);
}

enum err store_follow_request_update(struct ctx *c, const struct follow *f)
{
    return write_wish(c,
                      STR("UPDATE follow_request SET reblogs = $4, notify = $5, languages = $6"
                          " WHERE bucket = $1 AND account_id = $2 AND source_id = $3"),
                      f->target_id, f->account_id, 0, f, NULL);
}

enum err store_follow_request_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed)
{
    TRY(edge_delete(c, STR("DELETE FROM follow_request WHERE bucket = $1 AND account_id = $2 AND source_id = $3"),
                    target_id, account_id, removed));
    return edge_delete(c, STR("DELETE FROM follow_asked WHERE bucket = $1 AND account_id = $2 AND target_id = $3"),
                       account_id, target_id, NULL);
}

enum err store_follow_request_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                                   int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, source_id FROM follow_request"
                              " WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     account_id, p, out, n);
}

enum err store_follow_asked_count(struct ctx *c, int64_t account_id, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("SELECT COUNT(*) FROM follow_asked WHERE bucket = $1 AND account_id = $2"), account_id, &st));
    return stmt_number(c, st, n);
}

/* The four kinds of pairs that an account may be an end of. */
enum pairs { PAIRS_FOLLOWED, PAIRS_FOLLOWERS, PAIRS_ASKED, PAIRS_ASKING, PAIRS_KINDS };

static struct str ends_sql(enum pairs kind)
{
    switch (kind) {
    case PAIRS_FOLLOWED: return STR("SELECT target_id FROM follow WHERE bucket = $1 AND account_id = $2 LIMIT $3");
    case PAIRS_FOLLOWERS: return STR("SELECT source_id FROM follower WHERE bucket = $1 AND account_id = $2 LIMIT $3");
    case PAIRS_ASKED: return STR("SELECT target_id FROM follow_asked WHERE bucket = $1 AND account_id = $2 LIMIT $3");
    case PAIRS_ASKING:
        return STR("SELECT source_id FROM follow_request WHERE bucket = $1 AND account_id = $2 LIMIT $3");
    case PAIRS_KINDS: break;
    }
    return STR("");
}

static enum err delete_pair(struct ctx *c, enum pairs kind, int64_t account_id, int64_t other, bool *removed)
{
    switch (kind) {
    case PAIRS_FOLLOWED: return store_follow_delete(c, account_id, other, removed);
    case PAIRS_FOLLOWERS: return store_follow_delete(c, other, account_id, removed);
    case PAIRS_ASKED: return store_follow_request_delete(c, account_id, other, removed);
    case PAIRS_ASKING: return store_follow_request_delete(c, other, account_id, removed);
    case PAIRS_KINDS: break;
    }
    return OK;
}

enum err store_follow_sweep(struct ctx *c, int64_t account_id, int64_t limit, int64_t *others, int *sides, int64_t *n)
{
    int64_t ends[PAIRS_KINDS] = { 0 }; /* where those of a kind end in `others` */
    *n = 0;
    for (int kind = 0; kind < PAIRS_KINDS; kind++) {
        int64_t found = 0;
        if (*n < limit)
            TRY(edge_ends(c, ends_sql((enum pairs)kind), account_id, limit - *n, others + *n, &found));
        ends[kind] = *n += found;
    }
    TRY(store_relation_lock_all(c, account_id, others, *n));
    enum pairs kind = PAIRS_FOLLOWED;
    for (int64_t i = 0; i < *n; i++) {
        bool removed = false; /* the other one may have been faster */
        while (i >= ends[kind])
            kind++;
        TRY(delete_pair(c, kind, account_id, others[i], &removed));
        sides[i] = !removed ? 0 : kind == PAIRS_FOLLOWED ? 1 : kind == PAIRS_FOLLOWERS ? -1 : 0;
    }
    return OK;
}
