/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity_tag.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/tag.h"

#define TIMELINE_DEFAULT 20
#define TIMELINE_MAX     40

static int64_t more_tags(const struct http_req *q, const char *name, struct str *out)
{
    size_t n = 0;
    const struct str *given = http_list(q, name, &n);
    int64_t kept = 0;
    for (size_t i = 0; i < n && kept < TAG_MORE_MAX; i++)
        if (given[i].n > 0)
            out[kept++] = given[i];
    return kept;
}

/* GET /api/v1/timelines/tag/:hashtag */
enum err api_timeline_tag(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct status_page page = { 0 };
    struct tag_query t = {
        .name = q->args[0],
        .remote_only = http_bool(q, "remote", false) && !http_bool(q, "local", false),
        .only_media = http_bool(q, "only_media", false),
    };
    t.any_n = more_tags(q, "any", t.any);
    t.all_n = more_tags(q, "all", t.all);
    t.none_n = more_tags(q, "none", t.none);
    TRY(page_parse(c, q, TIMELINE_DEFAULT, TIMELINE_MAX, &p));
    TRY(tag_timeline(c, &t, &p, &page));
    return reply_status_page(c, q, r, FILTER_PUBLIC, &page);
}

/* GET /api/v1/tags/:name */
enum err api_tag_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct tag_info t = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(tag_find(c, q->args[0], &t));
    entity_tag(c, &w, &t);
    return reply_json(r, jw_end(&w));
}
