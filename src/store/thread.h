/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The table `thread_status`: every reply of a thread, at the bucket of the thread's first parley (which has no row
   itself: a parley that nobody answers costs nothing here). */
struct thread_row {
    int64_t status_id;
    int64_t parent_id;
};
enum err store_thread_insert(struct ctx *c, int64_t thread_id, int64_t status_id, int64_t parent_id) NODISCARD;
enum err store_thread_delete(struct ctx *c, int64_t thread_id, int64_t status_id) NODISCARD;
/* The chain above status_id, its parent first. out has room for max. */
enum err store_thread_above(struct ctx *c, int64_t thread_id, int64_t status_id, int64_t max, int64_t *out,
                            int64_t *n) NODISCARD;
/* The thread's replies that are newer than status_id, oldest first: its descendants are among them. out has room for
 * max. */
enum err store_thread_after(struct ctx *c, int64_t thread_id, int64_t status_id, int64_t max, struct thread_row *out,
                            int64_t *n) NODISCARD;
