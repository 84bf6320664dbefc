/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/session.h"

/* What must be unique everywhere, and the way from such a value to an id: one row at the bucket of the value's hash. */

/* Inside the caller's transaction. ERR_CONFLICT when somebody else holds it; an expired claim is taken over. Says
   nothing to the client: the caller knows what the value means. expires_ms 0: never. */
enum err store_claim_take(struct ctx *c, enum claim kind, struct str value, int64_t id, int64_t expires_ms) NODISCARD;
/* *id = 0 when nobody holds it. */
enum err store_claim_find(struct ctx *c, enum claim kind, struct str value, int64_t *id) NODISCARD;
/* Nothing when it is held by another id. */
enum err store_claim_release(struct ctx *c, enum claim kind, struct str value, int64_t id) NODISCARD;
/* All shards: deletes expired claims, at most `limit`; *n of them went. */
enum err store_claim_sweep(struct ctx *c, int64_t limit, int64_t *n) NODISCARD;
