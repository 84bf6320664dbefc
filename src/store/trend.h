/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/trend.h"

/* The tables derived.trend (what was warm, as feed/trends.h writes it) and trend_review (what moderators said). Any
   thread. */
enum err store_trend_save(struct ctx *c, enum trend_kind kind,
                          struct str json) NODISCARD; /* a transaction of its own */
enum err store_trend_load(struct ctx *c, enum trend_kind kind, struct str *json) NODISCARD; /* p == NULL: nothing */

struct trend_review {
    enum trend_kind kind;
    int64_t id;      /* of a parley or account; else card_id of the name */
    struct str name; /* of a tag or a link */
    enum trend_verdict verdict;
    int64_t by_id;
    int64_t at_ms;
};
/* Inside a transaction, as the next two. */
enum err store_trend_review_put(struct ctx *c, const struct trend_review *r) NODISCARD;
enum err store_trend_review_delete(struct ctx *c, enum trend_kind kind, int64_t id) NODISCARD;
/* Of parleys, those before the time: nobody talks of them any more. */
enum err store_trend_review_sweep(struct ctx *c, int64_t before_ms) NODISCARD;
/* In the order of ids: what was said of each. */
enum err store_trend_reviews(struct ctx *c, enum trend_kind kind, const int64_t *ids, int64_t n,
                             enum trend_verdict *out) NODISCARD;
