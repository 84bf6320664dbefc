/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "model/page.h"

/* One page of accounts as c->me may see them. What may not be seen is replaced by what comes next, for a few rounds, so
   that a page is short only at the end of the list (or where hardly anybody may be seen). */
#define ACCOUNT_PAGE_ROUNDS_MAX 5

struct account_page {
    int64_t *ids; /* newest first */
    int64_t n;
    int64_t first; /* row ids for links: newest and oldest that were looked at; 0 when nobody is shown */
    int64_t last;
};
typedef enum err account_source_fn(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                                   int64_t *n);

/* `own`: a list that c->me keeps (whom they block ...): people who block them stay on it, so that it can be tidied. */
enum err account_page_fill(struct ctx *c, account_source_fn *source, int64_t account_id, bool own, const struct page *p,
                           struct account_page *out) NODISCARD;
