/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/tag.h"
#include "model/page.h"
#include "store/tag_mark.h"

/* Tags that c->me follows (public parleys under them enter home) and features on their page. Marking twice is marking
   once. Any thread with c->db. */
#define TAGS_FOLLOWED_MAX    500
#define TAGS_FEATURED_MAX    10
#define TAGS_SUGGESTED_MAX   10
#define TAGS_SUGGESTED_AMONG 80 /* of one's newest parleys */

enum err tag_mark_set(struct ctx *c, enum tag_mark kind, struct str name, bool on, struct tag_info *out) NODISCARD;
/* Which of these c->me follows and features. */
enum err tag_marks_load(struct ctx *c, struct tag_info *tags, int64_t n) NODISCARD;
/* Tags that c->me follows, newest first; first and last are row ids for links. */
struct tag_page {
    struct tag_info *tags;
    int64_t n, first, last;
};
enum err tag_followed(struct ctx *c, const struct page *p, struct tag_page *out) NODISCARD;

struct featured_tag {
    int64_t row_id;
    struct str name;
    int64_t uses;
    int64_t last_ms; /* 0: never */
};
enum err tag_featured(struct ctx *c, int64_t account_id, struct featured_tag **out, int64_t *n) NODISCARD;
/* By the id of what tag_featured gave. ERR_NOT_FOUND */
enum err tag_unfeature(struct ctx *c, int64_t row_id) NODISCARD;
/* What c->me writes about lately and does not feature. */
enum err tag_suggested(struct ctx *c, struct tag_info **out, int64_t *n) NODISCARD;
