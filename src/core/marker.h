/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/notification.h"

/* How far c->me has read. Both timelines are always there: what was never set is at 0, version 0, since the account
   exists. Any thread with c->db. */
enum err marker_list(struct ctx *c, struct marker out[MARKERS]) NODISCARD;

/* What a client sets: which of the two, and to what. */
struct marker_wish {
    bool is_set;
    int64_t last_read_id;
};
/* Sets what is wished in one transaction; *out is all as it is then. Each set makes the version one more. */
enum err marker_set(struct ctx *c, const struct marker_wish wish[MARKERS], struct marker out[MARKERS]) NODISCARD;
