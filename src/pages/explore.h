/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/page.h"
#include "model/trend.h"
#include "pages/visit.h"

/* "5 people today · 23 parleys this week" */
void explore_put_counts(struct visit *v, const struct trend_day *days);
/* "Back" and "More" of a list that goes by offset. `path` may hold further parameters. */
void explore_pager(struct visit *v, struct str path, const struct page *p, bool more);
/* People for c->me to follow, at most `max`; nothing when there are none, or for strangers. */
enum err explore_put_suggestions(struct visit *v, int64_t max) NODISCARD;
struct page explore_page(const struct visit *v); /* offset from the address */
