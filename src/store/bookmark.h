/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* The table `bookmark`: known to its owner alone, so it has no side at the parley. */
enum err store_bookmark_insert(struct ctx *c, int64_t account_id, int64_t status_id, bool *added) NODISCARD;
enum err store_bookmark_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed) NODISCARD;
enum err store_bookmark_by(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                           int64_t *n) NODISCARD;
/* All of a deleted parley, whoever's: asks every bucket. For jobs only. */
enum err store_bookmark_sweep(struct ctx *c, int64_t status_id) NODISCARD;
