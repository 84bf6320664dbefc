/* SPDX-License-Identifier: Apache-2.0 */
#include "store/block.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/relation.h"
#include "store/stmt.h"

enum err store_block_insert(struct ctx *c, int64_t account_id, int64_t target_id, bool *added)
{
    DB_STMT st = NULL;
    TRY(edge_insert(c,
                    STR("INSERT INTO block (bucket, account_id, target_id, id) VALUES ($1, $2, $3, $4)"
                        " ON CONFLICT DO NOTHING"),
                    account_id, target_id, id_new(c, id_bucket(account_id)), added));
    if (!*added)
        return OK;
    TRY(stmt_of(c,
                STR("INSERT INTO blocked_by (bucket, account_id, source_id) VALUES ($1, $2, $3)"
                    " ON CONFLICT DO NOTHING"),
                target_id, &st));
    db_bind_i64(st, 3, account_id);
    return db_run(c, st, NULL);
}

enum err store_block_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed)
{
    TRY(edge_delete(c, STR("DELETE FROM block WHERE bucket = $1 AND account_id = $2 AND target_id = $3"), account_id,
                    target_id, removed));
    return edge_delete(c, STR("DELETE FROM blocked_by WHERE bucket = $1 AND account_id = $2 AND source_id = $3"),
                       target_id, account_id, NULL);
}

enum err store_block_between(struct ctx *c, int64_t a, int64_t b, bool *either)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("SELECT 1 FROM block WHERE bucket = $1 AND account_id = $2 AND target_id = $3"
                    " UNION ALL SELECT 1 FROM blocked_by WHERE bucket = $1 AND account_id = $2 AND source_id = $3"),
                a, &st));
    db_bind_i64(st, 3, b);
    return db_step(c, st, either);
}

enum err store_block_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, target_id FROM block"
                              " WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     account_id, p, out, n);
}

enum err store_block_sweep(struct ctx *c, int64_t account_id, int64_t limit, int64_t *n)
{
    int64_t *ends = ARENA_ARRAY(c->arena, (size_t)limit, int64_t);
    int64_t blocked = 0;
    int64_t by = 0;
    bool removed = false;
    TRY(edge_ends(c, STR("SELECT target_id FROM block WHERE bucket = $1 AND account_id = $2 LIMIT $3"), account_id,
                  limit, ends, &blocked));
    TRY(edge_ends(c, STR("SELECT source_id FROM blocked_by WHERE bucket = $1 AND account_id = $2 LIMIT $3"), account_id,
                  limit - blocked, ends + blocked, &by));
    *n = blocked + by;
    TRY(store_relation_lock_all(c, account_id, ends, *n));
    for (int64_t i = 0; i < blocked; i++)
        TRY(store_block_delete(c, account_id, ends[i], &removed));
    for (int64_t i = blocked; i < *n; i++)
        TRY(store_block_delete(c, ends[i], account_id, &removed));
    return OK;
}
