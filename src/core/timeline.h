/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/filter.h"
#include "model/page.h"

/* One page of a timeline for c->me: what the feed gives (feed/feed.h), without what their filters hide. That is
   replaced by what comes next, for a few rounds, so that a page is short only at the end of the timeline or where
   nearly all is hidden; its bounds go on below what was looked at. Any thread; on a loop thread ERR_COLD. */
#define TIMELINE_ROUNDS_MAX 5 /* pages of the feed that are looked through for one */

enum timeline_kind { TIMELINE_HOME, TIMELINE_LOCAL, TIMELINE_LIST };
struct timeline_ask {
    enum timeline_kind kind;
    int64_t list_id;
    bool only_media; /* of TIMELINE_LOCAL */
    struct page page;
};
struct timeline {
    enum filter_context where; /* its parleys are read */
    int64_t *ids;              /* newest first */
    int64_t n;
    int64_t first; /* newest and oldest that were looked at; 0: none */
    int64_t last;
    bool more; /* it goes on behind them */
};
enum err timeline_read(struct ctx *c, const struct timeline_ask *ask, struct timeline *out) NODISCARD;
