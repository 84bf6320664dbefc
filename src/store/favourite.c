/* SPDX-License-Identifier: Apache-2.0 */
#include "store/favourite.h"

#include "base/id.h"
#include "db/db.h"
#include "store/edge.h"
#include "store/page.h"

enum err store_favourite_insert(struct ctx *c, int64_t account_id, int64_t status_id, bool *added)
{
    int64_t id = id_new(c, id_bucket(account_id));
    TRY(edge_insert(c,
                    STR("INSERT INTO favourite_of (bucket, status_id, account_id, id) VALUES ($1, $2, $3, $4)"
                        " ON CONFLICT DO NOTHING"),
                    status_id, account_id, id, added));
    if (!*added)
        return OK;
    return edge_insert(c,
                       STR("INSERT INTO favourite_by (bucket, account_id, status_id, id) VALUES ($1, $2, $3, $4)"
                           " ON CONFLICT DO NOTHING"),
                       account_id, status_id, id, NULL);
}

enum err store_favourite_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed)
{
    TRY(edge_delete(c, STR("DELETE FROM favourite_of WHERE bucket = $1 AND status_id = $2 AND account_id = $3"),
                    status_id, account_id, removed));
    return edge_delete(c, STR("DELETE FROM favourite_by WHERE bucket = $1 AND account_id = $2 AND status_id = $3"),
                       account_id, status_id, NULL);
}

enum err store_favourite_by(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, status_id FROM favourite_by"
                              " WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     account_id, p, out, n);
}

enum err store_favourite_of(struct ctx *c, int64_t status_id, const struct page *p, struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, account_id FROM favourite_of"
                              " WHERE bucket = $1 AND status_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     status_id, p, out, n);
}

enum err store_favourite_sweep(struct ctx *c, int64_t status_id, int64_t limit, int64_t *n)
{
    int64_t *who = ARENA_ARRAY(c->arena, (size_t)limit, int64_t);
    TRY(edge_ends(c, STR("SELECT account_id FROM favourite_of WHERE bucket = $1 AND status_id = $2 LIMIT $3"),
                  status_id, limit, who, n));
    TRY(edge_delete_ends(c,
                         STR("DELETE FROM favourite_by WHERE bucket @IN($1) AND account_id @IN($2) AND status_id = $3"),
                         who, *n, status_id));
    return edge_delete_many(c,
                            STR("DELETE FROM favourite_of WHERE bucket = $1 AND status_id = $2 AND account_id @IN($3)"),
                            status_id, who, *n);
}
