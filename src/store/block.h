/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* Who blocks whom: `block` at the blocker, `blocked_by` at the blocked. Both sides are written together, inside the
   caller's transaction. Any thread. */
enum err store_block_insert(struct ctx *c, int64_t account_id, int64_t target_id, bool *added) NODISCARD;
enum err store_block_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed) NODISCARD;
/* True in *either when one of the two blocks the other. */
enum err store_block_between(struct ctx *c, int64_t a, int64_t b, bool *either) NODISCARD;
enum err store_block_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                          int64_t *n) NODISCARD;
/* Takes at most `limit` pairs off an account that goes away, in both directions. Call until *n is 0. */
enum err store_block_sweep(struct ctx *c, int64_t account_id, int64_t limit, int64_t *n) NODISCARD;
