/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The table suggestion_dismissed: whom a member does not want to be offered. Writes run inside the caller's
   transaction. Any thread. */
enum err store_suggestion_dismiss(struct ctx *c, int64_t account_id, int64_t target_id) NODISCARD;
enum err store_suggestion_dismissed_count(struct ctx *c, int64_t account_id, int64_t *n) NODISCARD;
/* Sets to 0 those of ids that account_id does not want. */
enum err store_suggestion_sift(struct ctx *c, int64_t account_id, int64_t *ids, int64_t n) NODISCARD;
enum err store_suggestion_clear(struct ctx *c, int64_t account_id) NODISCARD;
