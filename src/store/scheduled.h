/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/saved.h"

/* The table `scheduled`, at the bucket of the member. Writes run inside the caller's transaction. Any thread. */
enum err store_scheduled_insert(struct ctx *c, struct scheduled *s) NODISCARD;              /* sets id */
enum err store_scheduled_find(struct ctx *c, int64_t id, struct scheduled **out) NODISCARD; /* NULL: none */
enum err store_scheduled_list(struct ctx *c, int64_t account_id, const struct page *p, struct scheduled **out,
                              int64_t *n) NODISCARD; /* newest first */
/* How many there are in all, and how many that are due in from_ms .. until_ms (not included). */
enum err store_scheduled_count(struct ctx *c, int64_t account_id, int64_t from_ms, int64_t until_ms, int64_t *all,
                               int64_t *between) NODISCARD;
enum err store_scheduled_move(struct ctx *c, int64_t id, int64_t due_ms, bool *found) NODISCARD;
enum err store_scheduled_delete(struct ctx *c, int64_t id, bool *found) NODISCARD;
enum err store_scheduled_clear(struct ctx *c, int64_t account_id) NODISCARD;
