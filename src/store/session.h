/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/session.h"

/* Access tokens and web sign-ins, found by the hash of the secret (base/secret.h). Writes run inside the caller's
   transaction; afterwards core tells the feed. */

/* Draws s->id at the bucket of the account, or of the app when there is no account; claims the hash. */
enum err store_session_insert(struct ctx *c, struct session *s) NODISCARD;
enum err store_session_find_hash(struct ctx *c, struct str hash, struct session **out) NODISCARD; /* NULL: none */
enum err store_session_find(struct ctx *c, int64_t id, struct session **out) NODISCARD;           /* NULL: none */
/* A member's, newest first, at most limit; allocates *out. */
enum err store_session_list(struct ctx *c, int64_t account_id, int64_t limit, struct session **out,
                            int64_t *n) NODISCARD;
/* With what its app is told (store/push.h). */
enum err store_session_delete(struct ctx *c, const struct session *s) NODISCARD;
enum err store_session_touch(struct ctx *c, int64_t id, int64_t used_ms, struct str ip) NODISCARD;
