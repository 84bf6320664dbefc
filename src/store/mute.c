/* SPDX-License-Identifier: Apache-2.0 */
#include "store/mute.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

enum err store_mute_set(struct ctx *c, const struct mute *m)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO mute (bucket, account_id, target_id, id, notifications, until_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $6)"
                    " ON CONFLICT @ON(bucket, account_id, target_id)"
                    " DO UPDATE SET notifications = excluded.notifications, until_ms = excluded.until_ms"),
                m->account_id, &st));
    db_bind_i64(st, 3, m->target_id);
    db_bind_i64(st, 4, id_new(c, id_bucket(m->account_id)));
    db_bind_i64(st, 5, m->notifications);
    db_bind_i64(st, 6, m->until_ms);
    return db_run(c, st, NULL);
}

enum err store_mute_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed)
{
    return edge_delete(c, STR("DELETE FROM mute WHERE bucket = $1 AND account_id = $2 AND target_id = $3"), account_id,
                       target_id, removed);
}

enum err store_mute_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                PAGE_SQL(p,
                         "SELECT id, target_id FROM mute WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4"
                         " AND (until_ms = 0 OR until_ms > $6)",
                         "id", "$5"),
                account_id, &st));
    page_bind(st, 3, p);
    db_bind_i64(st, 6, c->now_ms);
    return page_read(c, st, p, out, n);
}

/* all shards: a job, every few hours */
enum err store_mute_sweep(struct ctx *c, int64_t limit, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c,
                STR("DELETE FROM mute WHERE (bucket, account_id, target_id) IN"
                    " (SELECT bucket, account_id, target_id FROM mute WHERE until_ms > 0 AND until_ms <= $1 LIMIT $2)"),
                &st));
    db_bind_i64(st, 1, c->now_ms);
    db_bind_i64(st, 2, limit);
    return db_run(c, st, n);
}

enum err store_mute_clear(struct ctx *c, int64_t account_id)
{
    return stmt_run_of(c, STR("DELETE FROM mute WHERE bucket = $1 AND account_id = $2"), account_id);
}
