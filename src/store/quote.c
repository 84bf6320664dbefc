/* SPDX-License-Identifier: Apache-2.0 */
#include "store/quote.h"

#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

enum err store_quote_insert(struct ctx *c, const struct quote *q, int64_t account_id)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c,
                STR("INSERT INTO quote (bucket, status_id, quoted_id, quoted_account_id, state)"
                    " VALUES ($1, $2, $3, $4, $5)"),
                q->status_id, &st));
    db_bind_i64(st, 3, q->quoted_id);
    db_bind_i64(st, 4, q->quoted_account_id);
    db_bind_i64(st, 5, (int64_t)q->state);
    TRY(db_run(c, st, NULL));
    return edge_insert(c,
                       STR("INSERT INTO quote_of (bucket, quoted_id, status_id, account_id) VALUES ($1, $2, $3, $4)"
                           " ON CONFLICT DO NOTHING"),
                       q->quoted_id, q->status_id, account_id, NULL);
}

enum err store_quote_load(struct ctx *c, const int64_t *ids, int64_t n, struct quote **out)
{
    DB_STMT st = NULL;
    for (int64_t i = 0; i < n; i++)
        out[i] = NULL;
    if (n == 0)
        return OK;
    TRY(db_stmt(c,
                STR("SELECT status_id, quoted_id, quoted_account_id, state FROM quote"
                    " WHERE bucket @IN($1) AND status_id @IN($2)"),
                &st));
    db_bind_ids(st, 1, edge_buckets(c, ids, n), (size_t)n);
    db_bind_ids(st, 2, ids, (size_t)n);
    while (NEXT_ROW(c, st)) {
        struct quote *q = ARENA_NEW(c->arena, struct quote);
        *q = (struct quote){ db_col_i64(st, 0), db_col_i64(st, 1), db_col_i64(st, 2),
                             (enum quote_state)db_col_i64(st, 3) };
        for (int64_t i = 0; i < n; i++)
            if (ids[i] == q->status_id)
                out[i] = q;
    }
    return OK;
}

static enum err delete_at_quoted(struct ctx *c, const struct quote *q, bool *removed)
{
    return edge_delete(c, STR("DELETE FROM quote_of WHERE bucket = $1 AND quoted_id = $2 AND status_id = $3"),
                       q->quoted_id, q->status_id, removed);
}

enum err store_quote_revoke(struct ctx *c, const struct quote *q, bool *changed)
{
    DB_STMT st = NULL;
    TRY(delete_at_quoted(c, q, changed));
    if (!*changed)
        return OK;
    TRY(stmt_of(c, STR("UPDATE quote SET state = $3 WHERE bucket = $1 AND status_id = $2"), q->status_id, &st));
    db_bind_i64(st, 3, QUOTE_REVOKED);
    return db_run(c, st, NULL);
}

enum err store_quote_delete(struct ctx *c, const struct quote *q)
{
    bool removed = false;
    TRY(delete_at_quoted(c, q, &removed));
    return stmt_run_of(c, STR("DELETE FROM quote WHERE bucket = $1 AND status_id = $2"), q->status_id);
}

enum err store_quote_of(struct ctx *c, int64_t quoted_id, const struct page *p, struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT status_id, status_id FROM quote_of"
                              " WHERE bucket = $1 AND quoted_id = $2 AND status_id < $3 AND status_id > $4",
                              "status_id", "$5"),
                     quoted_id, p, out, n);
}

enum err store_quote_authors(struct ctx *c, int64_t quoted_id, int64_t after_id, int64_t limit, int64_t *status_ids,
                             int64_t *account_ids, int64_t *n)
{
    DB_STMT st = NULL;
    *n = 0;
    TRY(stmt_of(c,
                STR("SELECT status_id, account_id FROM quote_of WHERE bucket = $1 AND quoted_id = $2"
                    " AND status_id > $3 ORDER BY status_id LIMIT $4"),
                quoted_id, &st));
    db_bind_i64(st, 3, after_id);
    db_bind_i64(st, 4, limit);
    for (; *n < limit && NEXT_ROW(c, st); (*n)++) {
        status_ids[*n] = db_col_i64(st, 0);
        account_ids[*n] = db_col_i64(st, 1);
    }
    return OK;
}

enum err store_quote_sweep(struct ctx *c, int64_t quoted_id, int64_t limit, int64_t *n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)limit, int64_t);
    TRY(edge_ends(c, STR("SELECT status_id FROM quote_of WHERE bucket = $1 AND quoted_id = $2 LIMIT $3"), quoted_id,
                  limit, ids, n));
    return edge_delete_many(c, STR("DELETE FROM quote_of WHERE bucket = $1 AND quoted_id = $2 AND status_id @IN($3)"),
                            quoted_id, ids, *n);
}
