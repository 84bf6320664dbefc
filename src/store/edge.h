/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* What the small tables of pairs (favourites, echoes, bookmarks, pins) do alike. Each statement stands in its noun's
   file and binds $1 bucket of `owner`, $2 owner, then as said. */
enum err edge_insert(struct ctx *c, struct str sql, int64_t owner, int64_t end, int64_t id,
                     bool *added) NODISCARD; /* $3 end, $4 id */
enum err edge_delete(struct ctx *c, struct str sql, int64_t owner, int64_t end, bool *removed) NODISCARD; /* $3 end */
/* PAGE_SQL with $3 below, $4 above, $5 limit. */
enum err edge_page(struct ctx *c, struct str sql, int64_t owner, const struct page *p, struct page_row **out,
                   int64_t *n) NODISCARD;
/* Ids in the first column; $3 limit. out has room for it. */
enum err edge_ends(struct ctx *c, struct str sql, int64_t owner, int64_t limit, int64_t *out, int64_t *n) NODISCARD;
enum err edge_delete_many(struct ctx *c, struct str sql, int64_t owner, const int64_t *ends,
                          int64_t n) NODISCARD; /* $3 ends */
/* The other sides of pairs with `end`: $1 buckets of owners, $2 owners, $3 end. */
enum err edge_delete_ends(struct ctx *c, struct str sql, const int64_t *owners, int64_t n, int64_t end) NODISCARD;
/* Says that `sql`, which gives the row of one id ($1 bucket, $2 id), is about to be asked of n ids, 0 being none: what
   a load of several by @IN calls before it. */
void edge_expect(struct ctx *c, struct str sql, const int64_t *ids, int64_t n);
/* Buckets of ids, on the arena. */
int64_t *edge_buckets(struct ctx *c, const int64_t *ids, int64_t n) NODISCARD;
/* Every bucket (ID_BUCKETS of them): what a job asks that must look everywhere, an index probe each. */
const int64_t *edge_all_buckets(struct ctx *c) NODISCARD;
