/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/notification.h"

/* The table `marker`: how far a member has read a timeline. Any thread. */

/* Both timelines, each with version 0 and last_read_id 0 when it was never set. */
enum err store_marker_load(struct ctx *c, int64_t account_id, struct marker out[MARKERS]) NODISCARD;
/* Inside the caller's transaction. The version grows by one with every set. */
enum err store_marker_set(struct ctx *c, int64_t account_id, enum marker_timeline which,
                          int64_t last_read_id) NODISCARD;
enum err store_marker_clear(struct ctx *c, int64_t account_id) NODISCARD; /* of one who goes away */
