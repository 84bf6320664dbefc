/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/trend.h"
#include "pages/visit.h"

/* "5 people today · 23 parleys this week" */
void explore_put_counts(struct visit *v, const struct trend_day *days);
/* People for c->me to follow, at most `max`; nothing when there are none, or for strangers. */
enum err explore_put_suggestions(struct visit *v, int64_t max) NODISCARD;
