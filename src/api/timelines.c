/* SPDX-License-Identifier: Apache-2.0 */
#include "api/assemble.h"
#include "api/link.h"
#include "api/routes.h"
#include "feed/feed.h"

#define PAGE_DEFAULT 20
#define PAGE_MAX     40

/* GET /api/v1/timelines/home */
enum err api_timeline_home(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    int64_t *ids = NULL;
    int64_t n = 0;
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &p));
    TRY(feed_home(c, c->me->id, &p, &ids, &n));
    return reply_timeline(c, q, r, FILTER_HOME, ids, n);
}

/* GET /api/v1/timelines/public : all parleys are of this server, so remote= gives an empty page */
enum err api_timeline_public(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    int64_t *ids = NULL;
    int64_t n = 0;
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &p));
    if (!http_bool(q, "remote", false))
        TRY(feed_local(c, c->me == NULL ? 0 : c->me->id, &p, http_bool(q, "only_media", false), &ids, &n));
    return reply_timeline(c, q, r, FILTER_PUBLIC, ids, n);
}
