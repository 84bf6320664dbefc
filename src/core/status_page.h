/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/visible.h"
#include "model/filter.h"
#include "model/page.h"
#include "model/status.h"

/* One page of parleys as c->me may see it. What the judge takes out, and what filters of c->me hide `where`, is
   replaced by what comes next, for a few rounds, so that a page is short only at the end of the list (or where hardly
   anything may be seen). */
#define STATUS_PAGE_ROUNDS_MAX 5

struct status_page {
    struct status **rows; /* newest first */
    int64_t n;
    int64_t
        first; /* row ids for links: newest and oldest that were looked at; 0: nothing is shown, and nothing follows */
    int64_t last;
    bool more; /* the list goes on behind them */
};
typedef enum err status_source_fn(struct ctx *c, const void *what, const struct page *p, struct page_row **out,
                                  int64_t *n);
typedef bool status_keep_fn(struct ctx *c, const void *what, const struct status *s);

/* `keep` may be NULL. */
enum err status_page_fill(struct ctx *c, status_source_fn *source, status_keep_fn *keep, const void *what,
                          enum visible_list list, enum filter_context where, const struct page *p,
                          struct status_page *out) NODISCARD;
