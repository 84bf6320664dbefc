/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/status.h"

/* What comes and goes with a row of `status`, shared by publishing, echoing and deleting. */

/* Inside the transaction: rows of tag_status for a public parley, from one JSON list of names to another. */
enum err status_row_tags(struct ctx *c, const struct status *s, struct str was, struct str now) NODISCARD;
/* Inside the transaction: the counter of what it answers or echoes, then its author's; by 1 or -1. With 1,
   ERR_NOT_FOUND when the other is gone. Direct parleys are counted nowhere, answers for followers not at their parent:
   counts are public.

   On PostgreSQL rows are locked until the commit. Every transaction takes them in one order, so that no two wait for
   each other: parleys (an echoed one before its echo, an answer before its parent), then accounts (the smaller id
   first), then notifications, then conversations (the smaller account first). */
enum err status_row_count(struct ctx *c, const struct status *s, int64_t by) NODISCARD;
/* The two halves of it. The author's counts after it go into *now, unless it is NULL or nothing was counted. */
enum err status_row_count_other(struct ctx *c, const struct status *s, int64_t by) NODISCARD;
enum err status_row_count_author(struct ctx *c, const struct status *s, int64_t by, struct account *now) NODISCARD;
/* After the commit: the same to the feed. */
void status_row_tell_added(struct ctx *c, const struct status *s);
void status_row_tell_removed(struct ctx *c, const struct status *s);
