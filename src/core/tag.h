/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/status_page.h"
#include "store/tag.h"

/* Hashtags: what was said under them, and how much lately. Names are taken as asked, in any writing. */
#define TAG_MORE_MAX 4 /* further tags of each kind; what comes beyond is ignored (as Mastodon does) */

struct tag_query {
    struct str name;
    struct str any[TAG_MORE_MAX]; /* or one of these */
    int64_t any_n;
    struct str all[TAG_MORE_MAX]; /* and all of these */
    int64_t all_n;
    struct str none[TAG_MORE_MAX]; /* and none of these */
    int64_t none_n;
    bool remote_only;
    bool only_media;
};
enum err tag_timeline(struct ctx *c, const struct tag_query *q, const struct page *p,
                      struct status_page *out) NODISCARD;

struct tag_info {
    int64_t id; /* 0: nobody used it yet */
    struct str name;
    struct tag_day days[TAG_DAYS];
    bool following; /* by c->me, as the next; filled by tag_marks_load */
    bool featuring;
};
/* ERR_NOT_FOUND for what is no hashtag. */
enum err tag_find(struct ctx *c, struct str name, struct tag_info *out) NODISCARD;
