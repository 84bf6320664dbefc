/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/quote.h"

/* The tables `quote` (at the parley that quotes) and `quote_of` (at the one that is quoted: accepted ones). Writes run
   inside the caller's transaction. Any thread. */
enum err store_quote_insert(struct ctx *c, const struct quote *q,
                            int64_t account_id) NODISCARD; /* whose the quote is */
/* out has room for n; keeps the order of ids; NULL where there is none. One statement. */
enum err store_quote_load(struct ctx *c, const int64_t *ids, int64_t n, struct quote **out) NODISCARD;
/* False in *changed: it was not accepted (any more). */
enum err store_quote_revoke(struct ctx *c, const struct quote *q, bool *changed) NODISCARD;
enum err store_quote_delete(struct ctx *c, const struct quote *q) NODISCARD;
/* Parleys that quote it; row id and id are the same. */
enum err store_quote_of(struct ctx *c, int64_t quoted_id, const struct page *p, struct page_row **out,
                        int64_t *n) NODISCARD;
/* Those who quote it, above the parley after_id: ids of parleys and of their authors. */
enum err store_quote_authors(struct ctx *c, int64_t quoted_id, int64_t after_id, int64_t limit, int64_t *status_ids,
                             int64_t *account_ids, int64_t *n) NODISCARD;
/* Of a quoted parley that goes away: at most `limit` rows of quote_of. */
enum err store_quote_sweep(struct ctx *c, int64_t quoted_id, int64_t limit, int64_t *n) NODISCARD;
