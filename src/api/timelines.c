/* SPDX-License-Identifier: Apache-2.0 */
#include "api/assemble.h"
#include "api/link.h"
#include "api/routes.h"
#include "core/timeline.h"

#define PAGE_DEFAULT 20
#define PAGE_MAX     40

/* GET /api/v1/timelines/home */
enum err api_timeline_home(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct timeline_ask ask = { .kind = TIMELINE_HOME };
    struct timeline t = { 0 };
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &ask.page));
    TRY(timeline_read(c, &ask, &t));
    return reply_timeline(c, q, r, &t);
}

/* GET /api/v1/timelines/public : all parleys are of this server, so remote= gives an empty page */
enum err api_timeline_public(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct timeline_ask ask = { .kind = TIMELINE_LOCAL, .only_media = http_bool(q, "only_media", false) };
    struct timeline t = { .where = FILTER_PUBLIC };
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &ask.page));
    if (!http_bool(q, "remote", false))
        TRY(timeline_read(c, &ask, &t));
    return reply_timeline(c, q, r, &t);
}
