/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/page.h"
#include "pages/visit.h"

/* Pages of lists: ?max_id= goes to what is older, ?min_id= to what is newer. */
#define PAGE_ROWS 20

/* Bounds that are no ids are ignored. */
struct page pager_read(const struct visit *v);
/* `path` may hold further parameters. first, last: row ids of what was looked at, 0 when nothing was shown. */
void pager_put(struct visit *v, struct str path, const struct page *p, int64_t n, int64_t first, int64_t last);
