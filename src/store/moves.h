/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Where a member was before and where they went: kept for the servers that will ask. Writes run inside the caller's
   transaction. Any thread. */
struct moves {
    struct str also_known_as; /* JSON ["user@host", ...] */
    struct str moved_to;      /* user@host; p == NULL: nowhere */
};
enum err store_moves_find(struct ctx *c, int64_t account_id, struct moves *out) NODISCARD;
enum err store_moves_update(struct ctx *c, int64_t account_id, const struct moves *m) NODISCARD;
