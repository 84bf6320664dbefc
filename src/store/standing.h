/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/standing.h"

/* The table `standing_log`: every change of a standing, at the subject's bucket. Any thread. */

/* Inside the transaction that changes the subject (an account or a parley). */
enum err store_standing_log(struct ctx *c, int64_t subject_id, bool is_status, const struct standing *s) NODISCARD;
/* Newest first; kind, reason, by, since_ms (when it was set), until_ms. Allocates *out. */
enum err store_standing_history(struct ctx *c, int64_t subject_id, int64_t limit, struct standing **out,
                                int64_t *n) NODISCARD;
