/* SPDX-License-Identifier: Apache-2.0 */
#include "store/endorsement.h"

#include "base/id.h"
#include "store/edge.h"
#include "store/page.h"
#include "store/stmt.h"

enum err store_endorsement_insert(struct ctx *c, int64_t account_id, int64_t target_id, bool *added)
{
    return edge_insert(c,
                       STR("INSERT INTO endorsement (bucket, account_id, target_id, id) VALUES ($1, $2, $3, $4)"
                           " ON CONFLICT DO NOTHING"),
                       account_id, target_id, id_new(c, id_bucket(account_id)), added);
}

enum err store_endorsement_delete(struct ctx *c, int64_t account_id, int64_t target_id)
{
    return edge_delete(c, STR("DELETE FROM endorsement WHERE bucket = $1 AND account_id = $2 AND target_id = $3"),
                       account_id, target_id, NULL);
}

enum err store_endorsement_count(struct ctx *c, int64_t account_id, int64_t *n)
{
    DB_STMT st = NULL;
    TRY(stmt_of(c, STR("SELECT COUNT(*) FROM endorsement WHERE bucket = $1 AND account_id = $2"), account_id, &st));
    return stmt_number(c, st, n);
}

enum err store_endorsement_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                                int64_t *n)
{
    return edge_page(c,
                     PAGE_SQL(p,
                              "SELECT id, target_id FROM endorsement"
                              " WHERE bucket = $1 AND account_id = $2 AND id < $3 AND id > $4",
                              "id", "$5"),
                     account_id, p, out, n);
}
