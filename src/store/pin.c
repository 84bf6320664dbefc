/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pin.h"

#include "base/id.h"
#include "store/edge.h"

enum err store_pin_insert(struct ctx *c, int64_t account_id, int64_t status_id, bool *added)
{
    return edge_insert(
        c, STR("INSERT INTO pin (bucket, account_id, status_id, id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"),
        account_id, status_id, id_new(c, id_bucket(account_id)), added);
}

enum err store_pin_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed)
{
    return edge_delete(c, STR("DELETE FROM pin WHERE bucket = $1 AND account_id = $2 AND status_id = $3"), account_id,
                       status_id, removed);
}

/* The primary key bounds it: an account has PINS_MAX rows. */
enum err store_pin_list(struct ctx *c, int64_t account_id, int64_t *out, int64_t *n)
{
    return edge_ends(c,
                     STR("SELECT status_id FROM pin WHERE bucket = $1 AND account_id = $2 ORDER BY id DESC LIMIT $3"),
                     account_id, PINS_MAX, out, n);
}
