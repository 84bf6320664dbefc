/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ticket.h"

#include "base/rng.h"
#include "core/secret.h"
#include "store/ticket.h"

enum err ticket_issue(struct ctx *c, enum ticket_kind kind, int64_t account_id, struct str data, int64_t lasts_ms,
                      struct str *secret)
{
    *secret = rand_token(c->arena);
    struct ticket t = {
        .account_id = account_id,
        .kind = kind,
        .hash = secret_hash(c->arena, *secret),
        .data = data,
        .created_ms = c->now_ms,
        .expires_ms = c->now_ms + lasts_ms,
    };
    if (account_id != 0 && kind != TICKET_CODE && kind != TICKET_TOTP)
        TRY(store_ticket_delete_all(c, account_id, kind));
    return store_ticket_insert(c, &t);
}

enum err ticket_get(struct ctx *c, enum ticket_kind kind, struct str secret, struct ticket **out)
{
    TRY(store_ticket_find(c, kind, secret_hash(c->arena, secret), out));
    if (*out == NULL || (*out)->used_ms != 0 || (*out)->expires_ms <= c->now_ms)
        return fail(c, ERR_GONE, "This link or code was used already, is too old, or is not whole");
    return OK;
}
