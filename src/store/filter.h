/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/filter.h"

/* The tables `filter`, `filter_keyword`, `filter_status`: at their owner. Writes run inside the caller's transaction.
   Any thread. */
enum err store_filter_all(struct ctx *c, int64_t account_id, struct filters *out) NODISCARD; /* each by rising id */
enum err store_filter_insert(struct ctx *c, const struct filter *f) NODISCARD;
enum err store_filter_update(struct ctx *c, const struct filter *f) NODISCARD;
enum err store_filter_delete(struct ctx *c, const struct filter *f) NODISCARD; /* with all that hangs on it */
enum err store_filter_keyword_insert(struct ctx *c, int64_t account_id, const struct filter_keyword *k) NODISCARD;
enum err store_filter_keyword_update(struct ctx *c, int64_t account_id, const struct filter_keyword *k) NODISCARD;
enum err store_filter_keyword_delete(struct ctx *c, int64_t account_id, int64_t id) NODISCARD;
enum err store_filter_status_insert(struct ctx *c, int64_t account_id, const struct filter_status *s,
                                    bool *added) NODISCARD;
enum err store_filter_status_delete(struct ctx *c, int64_t account_id, int64_t id) NODISCARD;
enum err store_filter_clear(struct ctx *c, int64_t account_id) NODISCARD;
