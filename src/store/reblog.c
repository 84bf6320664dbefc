/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reblog.h"

#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

enum err store_reblog_find(struct ctx *c, int64_t account_id, int64_t status_id, int64_t *echo_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("SELECT id FROM reblog_by WHERE bucket = $1 AND account_id = $2 AND status_id = $3"), account_id,
                &st));
    db_bind_i64(st, 3, status_id);
    return stmt_number(c, st, echo_id);
}

enum err store_reblog_insert(struct ctx *c, int64_t account_id, int64_t status_id, int64_t echo_id, bool *added)
{
    TRY(edge_insert(c,
                    STR("INSERT INTO reblog_of (bucket, status_id, account_id, id) VALUES ($1, $2, $3, $4)"
                        " ON CONFLICT DO NOTHING"),
                    status_id, account_id, echo_id, added));
    if (!*added)
        return OK;
    return edge_insert(c,
                       STR("INSERT INTO reblog_by (bucket, account_id, status_id, id) VALUES ($1, $2, $3, $4)"
                           " ON CONFLICT DO NOTHING"),
                       account_id, status_id, echo_id, NULL);
}

enum err store_reblog_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed)
{
    TRY(edge_delete(c, STR("DELETE FROM reblog_of WHERE bucket = $1 AND status_id = $2 AND account_id = $3"), status_id,
                    account_id, removed));
    return edge_delete(c, STR("DELETE FROM reblog_by WHERE bucket = $1 AND account_id = $2 AND status_id = $3"),
                       account_id, status_id, NULL);
}

enum err store_reblog_of(struct ctx *c, int64_t status_id, const struct page *p, struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, account_id FROM reblog_of"
                              " WHERE bucket = $1 AND status_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     status_id, p, out, n);
}

/* The pairs of one parley: accounts and echoes at the same places. */
static enum err sweep_pairs(struct ctx *c, int64_t status_id, int64_t limit, int64_t *who, int64_t *echoes, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(stmt_of(c, STR("SELECT account_id, id FROM reblog_of WHERE bucket = $1 AND status_id = $2 LIMIT $3"), status_id,
                &st));
    db_bind_i64(st, 3, limit);
    for (; *n < limit && NEXT_ROW(c, st); (*n)++) {
        who[*n] = db_col_i64(st, 0);
        echoes[*n] = db_col_i64(st, 1);
    }
    return OK;
}

enum err store_reblog_sweep(struct ctx *c, int64_t status_id, int64_t limit, int64_t *echoes, int64_t *n)
{
    int64_t *who = ARENA_ARRAY(c->arena, (size_t)limit, int64_t);
    TRY(sweep_pairs(c, status_id, limit, who, echoes, n));
    TRY(edge_delete_ends(c, STR("DELETE FROM reblog_by WHERE bucket @IN($1) AND account_id @IN($2) AND status_id = $3"),
                         who, *n, status_id));
    return edge_delete_many(c, STR("DELETE FROM reblog_of WHERE bucket = $1 AND status_id = $2 AND account_id @IN($3)"),
                            status_id, who, *n);
}
