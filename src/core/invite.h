/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/invite.h"

/* Links by which members let others in: /sign-up/CODE. Who joins by one needs no approval. */
#define INVITES_MAX     100 /* of one member */
#define INVITE_NOTE_MAX 200 /* bytes */

/* c->me invites; ERR_FORBIDDEN while sign-up is closed (moderators may still). uses_max, expires_ms 0: without end. */
enum err invite_create(struct ctx *c, struct str note, int64_t uses_max, int64_t expires_ms,
                       struct invite **out) NODISCARD;
enum err invite_list(struct ctx *c, struct invite **out, int64_t *n) NODISCARD;
enum err invite_delete(struct ctx *c, struct str code) NODISCARD; /* one of c->me's, or a moderator's act */
