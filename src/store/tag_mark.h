/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* The tables `tag_follow` and `tag_feature`: tags that a member reads, and shows on their page. Writes run inside the
   caller's transaction. Any thread. */
enum tag_mark { TAG_MARK_FOLLOW, TAG_MARK_FEATURE, TAG_MARK_KINDS };

struct marked_tag {
    int64_t row_id;
    int64_t tag_id;
    struct str name;
};
enum err store_tag_mark_insert(struct ctx *c, enum tag_mark kind, int64_t account_id, int64_t tag_id, struct str name,
                               bool *added) NODISCARD;
enum err store_tag_mark_delete(struct ctx *c, enum tag_mark kind, int64_t account_id, int64_t tag_id) NODISCARD;
enum err store_tag_mark_count(struct ctx *c, enum tag_mark kind, int64_t account_id, int64_t *n) NODISCARD;
enum err store_tag_mark_page(struct ctx *c, enum tag_mark kind, int64_t account_id, const struct page *p,
                             struct marked_tag **out, int64_t *n) NODISCARD;
/* Of tag_ids those that bear the mark. out has room for n. */
enum err store_tag_mark_among(struct ctx *c, enum tag_mark kind, int64_t account_id, const int64_t *tag_ids, int64_t n,
                              int64_t *out, int64_t *out_n) NODISCARD;
enum err store_tag_mark_clear(struct ctx *c, int64_t account_id) NODISCARD; /* of both kinds */
/* How often an account used a tag in public, and its newest parley with it (0: none). */
enum err store_tag_use(struct ctx *c, int64_t tag_id, int64_t account_id, int64_t *uses, int64_t *newest) NODISCARD;
