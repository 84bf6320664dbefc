/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/saved.h"

/* The table `draft`, at the bucket of the member. Writes run inside the caller's transaction. Any thread. */
enum err store_draft_insert(struct ctx *c, struct saved_draft *d) NODISCARD;              /* sets id */
enum err store_draft_find(struct ctx *c, int64_t id, struct saved_draft **out) NODISCARD; /* NULL: none */
enum err store_draft_list(struct ctx *c, int64_t account_id, const struct page *p, struct saved_draft **out,
                          int64_t *n) NODISCARD; /* newest first */
enum err store_draft_count(struct ctx *c, int64_t account_id, int64_t *n) NODISCARD;
/* Text and updated_ms; the version goes up by one. False in *found: it is not there in version d->version. */
enum err store_draft_update(struct ctx *c, const struct saved_draft *d, bool *found) NODISCARD;
enum err store_draft_delete(struct ctx *c, int64_t id, bool *found) NODISCARD;
enum err store_draft_clear(struct ctx *c, int64_t account_id) NODISCARD;
