/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* The tables `reblog_of` (at the echoed parley) and `reblog_by` (at whoever echoes). The echo itself is a row of
 * `status`. */
enum err store_reblog_find(struct ctx *c, int64_t account_id, int64_t status_id,
                           int64_t *echo_id) NODISCARD; /* 0: none */
enum err store_reblog_insert(struct ctx *c, int64_t account_id, int64_t status_id, int64_t echo_id,
                             bool *added) NODISCARD;
enum err store_reblog_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed) NODISCARD;
/* Who echoed; row ids are the echoes' ids. */
enum err store_reblog_of(struct ctx *c, int64_t status_id, const struct page *p, struct page_row **out,
                         int64_t *n) NODISCARD;
/* Takes at most `limit` pairs off a parley that is going away. Their echoes' ids: the caller deletes those. */
enum err store_reblog_sweep(struct ctx *c, int64_t status_id, int64_t limit, int64_t *echoes, int64_t *n) NODISCARD;
