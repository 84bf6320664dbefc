/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/invite.h"

/* Invitations. Writes run inside the caller's transaction. */
enum err store_invite_insert(struct ctx *c, struct invite *i) NODISCARD; /* draws i->id, claims i->code */
enum err store_invite_find(struct ctx *c, struct str code, struct invite **out) NODISCARD; /* NULL: none */
/* Counts one use. ERR_CONFLICT when it is used up or expired. */
enum err store_invite_use(struct ctx *c, int64_t id) NODISCARD;
/* Of one account, newest first; allocates *out. */
enum err store_invite_list(struct ctx *c, int64_t account_id, int64_t limit, struct invite **out, int64_t *n) NODISCARD;
enum err store_invite_delete(struct ctx *c, const struct invite *i) NODISCARD;
