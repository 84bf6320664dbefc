/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/relation.h"

/* The table `mute`: known to its owner alone. A mute whose end was reached is none. Writes run inside the caller's
   transaction. Any thread. */
enum err store_mute_set(struct ctx *c, const struct mute *m) NODISCARD; /* a second one replaces the first */
enum err store_mute_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed) NODISCARD;
enum err store_mute_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                         int64_t *n) NODISCARD;
/* Deletes at most `limit` mutes whose end was reached; *n were deleted. All shards: for a job. */
enum err store_mute_sweep(struct ctx *c, int64_t limit, int64_t *n) NODISCARD;
/* Deletes all that an account that goes away has muted. */
enum err store_mute_clear(struct ctx *c, int64_t account_id) NODISCARD;
