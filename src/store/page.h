/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* The three ways of paging, once for all lists. A list's statement ends with PAGE_ORDER and names its bounds as
   `col < $below AND col > $above`; the rows that come oldest first (min_id) are turned round after reading. Any thread.
 */
#define PAGE_LIMIT_MAX 80

struct stmt;

static inline bool page_ascends(const struct page *p)
{
    return p->min_id > 0;
}

/* sql and col are literals, n the limit's placeholder: PAGE_SQL(p, "SELECT ...", "id", "$5"). */
#define PAGE_SQL(p, sql, col, n) \
    (page_ascends(p) ? STR(sql " ORDER BY " col " ASC LIMIT " n) : STR(sql " ORDER BY " col " DESC LIMIT " n))

/* The page behind one whose rows, newest first, go from `first` to `last`. */
static inline void page_go_on(struct page *p, int64_t first, int64_t last)
{
    if (page_ascends(p))
        p->min_id = first;
    else
        p->max_id = last;
}

/* Binds below, above, limit at n, n + 1, n + 2. The limit is clamped to 1 .. PAGE_LIMIT_MAX. */
void page_bind(struct stmt *st, int n, const struct page *p);
int64_t page_limit(const struct page *p);
/* Steps through a statement whose columns are (row id, id). Newest first. */
enum err page_read(struct ctx *c, struct stmt *st, const struct page *p, struct page_row **out, int64_t *n) NODISCARD;
void page_turn(void *rows, int64_t n, size_t size,
               const struct page *p); /* reverses an array that was read oldest first */
