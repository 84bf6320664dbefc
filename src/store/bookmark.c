/* SPDX-License-Identifier: Apache-2.0 */
#include "store/bookmark.h"

#include "base/id.h"
#include "db/db.h"
#include "store/edge.h"
#include "store/page.h"

enum err store_bookmark_insert(struct ctx *c, int64_t account_id, int64_t status_id, bool *added)
{
    return edge_insert(c,
                       STR("INSERT INTO bookmark (bucket, account_id, status_id, id) VALUES ($1, $2, $3, $4)"
                           " ON CONFLICT DO NOTHING"),
                       account_id, status_id, id_new(c, id_bucket(account_id)), added);
}

enum err store_bookmark_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed)
{
    return edge_delete(c, STR("DELETE FROM bookmark WHERE bucket = $1 AND account_id = $2 AND status_id = $3"),
                       account_id, status_id, removed);
}

enum err store_bookmark_by(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out, int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, status_id FROM bookmark"
                              " WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     account_id, p, out, n);
}

/* all shards: a job, once for a deleted parley */
enum err store_bookmark_sweep(struct ctx *c, int64_t status_id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("DELETE FROM bookmark WHERE bucket @IN($1) AND status_id = $2"), &st));
    db_bind_ids(st, 1, edge_all_buckets(c), ID_BUCKETS);
    db_bind_i64(st, 2, status_id);
    return db_run(c, st, NULL);
}
