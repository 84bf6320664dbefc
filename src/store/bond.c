/* SPDX-License-Identifier: Apache-2.0 */
#include "store/bond.h"

#include "store/edge.h"
#include "store/stmt.h"

enum bond_row { BOND_FOLLOWS, BOND_BLOCKS, BOND_BLOCKED_BY, BOND_MUTES, BOND_MUTES_ALL, BOND_MUTES_THREAD };

static void mark(struct bond *b, enum bond_row what)
{
    switch (what) {
    case BOND_FOLLOWS: b->follows = true; break;
    case BOND_BLOCKS: b->blocks = true; break;
    case BOND_BLOCKED_BY: b->blocked_by = true; break;
    case BOND_MUTES: b->mutes = true; break;
    case BOND_MUTES_ALL: b->mutes = b->mutes_notifications = true; break;
    case BOND_MUTES_THREAD: break;
    }
}

enum err store_bond_load(struct ctx *c, int64_t reader_id, const int64_t *ids, int64_t n, struct bond *out)
{
    DB_STMT st = NULL;
    for (int64_t i = 0; i < n; i++)
        out[i] = (struct bond){ 0 };
    if (n == 0 || reader_id == 0)
        return OK;
    TRY(stmt_of(c,
                STR("SELECT 0, target_id FROM follow WHERE bucket = $1 AND account_id = $2 AND target_id @IN($3)"
                    " UNION ALL SELECT 1, target_id FROM block"
                    " WHERE bucket = $1 AND account_id = $2 AND target_id @IN($3)"
                    " UNION ALL SELECT 2, source_id FROM blocked_by"
                    " WHERE bucket = $1 AND account_id = $2 AND source_id @IN($3)"
                    " UNION ALL SELECT 3 + notifications, target_id FROM mute"
                    " WHERE bucket = $1 AND account_id = $2 AND target_id @IN($3)"
                    " AND (until_ms = 0 OR until_ms > $4)"),
                reader_id, &st));
    db_bind_ids(st, 3, ids, (size_t)n);
    db_bind_i64(st, 4, c->now_ms);
    while (NEXT_ROW(c, st)) {
        int64_t other = db_col_i64(st, 1);
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == other)
                mark(&out[i], (enum bond_row)db_col_i64(st, 0));
    }
    return OK;
}

static enum err hearing_stmt(struct ctx *c, int64_t author_id, struct stmt **st)
{
    return stmt_of(c,
                   STR("SELECT 0, source_id FROM follower WHERE bucket = $1 AND account_id = $2 AND source_id @IN($3)"
                       " UNION ALL SELECT 1, source_id FROM blocked_by"
                       " WHERE bucket = $1 AND account_id = $2 AND source_id @IN($3)"
                       " UNION ALL SELECT 2, target_id FROM block"
                       " WHERE bucket = $1 AND account_id = $2 AND target_id @IN($3)"
                       " UNION ALL SELECT 3 + notifications, account_id FROM mute"
                       " WHERE bucket @IN($4) AND account_id @IN($3) AND target_id = $2"
                       " AND (until_ms = 0 OR until_ms > $5)"
                       " UNION ALL SELECT 5, account_id FROM thread_mute"
                       " WHERE bucket @IN($4) AND account_id @IN($3) AND thread_id = $6"),
                   author_id, st);
}

enum err store_bond_hearing(struct ctx *c, int64_t author_id, int64_t thread_id, const int64_t *ids, int64_t n,
                            struct hearing *out)
{
    DB_STMT st = NULL;
    for (int64_t i = 0; i < n; i++)
        out[i] = (struct hearing){ 0 };
    if (n == 0)
        return OK;
    TRY(hearing_stmt(c, author_id, &st));
    db_bind_ids(st, 3, ids, (size_t)n);
    db_bind_ids(st, 4, edge_buckets(c, ids, n), (size_t)n);
    db_bind_i64(st, 5, c->now_ms);
    db_bind_i64(st, 6, thread_id);
    while (NEXT_ROW(c, st)) {
        enum bond_row what = (enum bond_row)db_col_i64(st, 0);
        for (int64_t i = 0, who = db_col_i64(st, 1); i < n; i++) {
            if (ids[i] != who)
                continue;
            mark(&out[i].bond, what);
            out[i].mutes_thread |= what == BOND_MUTES_THREAD;
        }
    }
    return OK;
}

enum err store_bond_listeners(struct ctx *c, int64_t author_id, int64_t after_id, int64_t limit, int64_t *out,
                              int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(
        c,
        STR("SELECT source_id FROM follower WHERE bucket = $1 AND account_id = $2 AND notify = 1 AND source_id > $3"
            " ORDER BY source_id LIMIT $4"),
        author_id, &st));
    db_bind_i64(st, 3, after_id);
    db_bind_i64(st, 4, limit);
    return stmt_ids(c, st, limit, out, n);
}
