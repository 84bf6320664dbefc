/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The search index follows the store in the background (main/keeper.c): new parleys, edits and changed accounts, each
   by a mark of how far it has come. Ids and times are drawn before a transaction commits, so each source is walked
   again 5 seconds and 10 minutes behind: whatever committed late is found then. Derived data: never on disk for sure,
   made anew from nothing when it is gone. */
#define SEARCH_STEP_MAX 2000 /* changes of one source in one step */

/* Takes in at most `limit` changes of each source. *done: nothing was left. One at a time. */
enum err search_index_step(struct ctx *c, int64_t limit, bool *done) NODISCARD;
/* Empties the index: the background makes it anew, a step at a time. */
enum err search_clear(struct ctx *c) NODISCARD;
/* Empties the index and makes it anew; searches find little meanwhile. */
enum err search_rebuild(struct ctx *c) NODISCARD;
/* How much of the time since the first parley is in the index, 0 .. 100. */
enum err search_index_percent(struct ctx *c, int64_t *percent) NODISCARD;
/* Puts these parleys in at once: they came with old dates, where the marks have been. */
enum err search_take(struct ctx *c, const int64_t *ids, int64_t n) NODISCARD;
/* For JOB_STATUS_REMOVED and accounts that went away. */
enum err search_forget_status(struct ctx *c, int64_t id) NODISCARD;
enum err search_forget_account(struct ctx *c, int64_t id) NODISCARD;
