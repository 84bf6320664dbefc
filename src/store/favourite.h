/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* The tables `favourite_of` (at the parley) and `favourite_by` (at whoever favours): both sides in the caller's
   transaction, under one row id that orders both lists. */
enum err store_favourite_insert(struct ctx *c, int64_t account_id, int64_t status_id, bool *added) NODISCARD;
enum err store_favourite_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed) NODISCARD;
enum err store_favourite_by(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                            int64_t *n) NODISCARD;
enum err store_favourite_of(struct ctx *c, int64_t status_id, const struct page *p, struct page_row **out,
                            int64_t *n) NODISCARD;
/* Takes at most `limit` off a parley that is going away; fewer in *n: none is left. */
enum err store_favourite_sweep(struct ctx *c, int64_t status_id, int64_t limit, int64_t *n) NODISCARD;
