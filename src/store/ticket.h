/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/session.h"

/* One-time secrets, found by the hash of the secret. Writes run inside the caller's transaction. */

/* Draws t->id at the bucket of the account, or of the hash when there is no account; claims the hash until it expires.
 */
enum err store_ticket_insert(struct ctx *c, struct ticket *t) NODISCARD;
/* NULL: none of this kind with this hash. One that is used or expired is given: the caller looks. */
enum err store_ticket_find(struct ctx *c, enum ticket_kind kind, struct str hash, struct ticket **out) NODISCARD;
/* Of two that use one ticket, one gets OK, the other ERR_CONFLICT. */
enum err store_ticket_use(struct ctx *c, int64_t id) NODISCARD;
/* All of a kind that an account has: an older link stops working when a new one is asked for. */
enum err store_ticket_delete_all(struct ctx *c, int64_t account_id, enum ticket_kind kind) NODISCARD;
/* All shards: deletes what expired a day ago, at most `limit`. */
enum err store_ticket_sweep(struct ctx *c, int64_t limit, int64_t *n) NODISCARD;
