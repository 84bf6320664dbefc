/* SPDX-License-Identifier: Apache-2.0 */
#include "core/trend.h"

#include "api/entity.h"
#include "api/entity_tag.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/tag_mark.h"

#define THINGS_DEFAULT   10
#define THINGS_MAX       20
#define STATUSES_DEFAULT 20
#define STATUSES_MAX     40

/* GET /api/v1/trends/tags, and its old name /api/v1/trends */
enum err api_trends_tags(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page ask = { 0 };
    struct tag_info *tags = NULL;
    int64_t n = 0;
    bool more = false;
    struct jw w = jw_on(c->arena);
    TRY(page_parse(c, q, THINGS_DEFAULT, THINGS_MAX, &ask));
    TRY(trend_tags(c, &ask, &tags, &n, &more));
    TRY(tag_marks_load(c, tags, n));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        entity_tag(c, &w, &tags[i]);
    jw_arr_end(&w);
    offset_links(c, q, r, &ask, more);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/trends/statuses */
enum err api_trends_statuses(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page ask = { 0 };
    struct status **rows = NULL;
    struct str json = { 0 };
    int64_t n = 0;
    bool more = false;
    TRY(page_parse(c, q, STATUSES_DEFAULT, STATUSES_MAX, &ask));
    TRY(trend_statuses(c, &ask, &rows, &n, &more));
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i]->id;
    TRY(entity_status_list(c, FILTER_PUBLIC, ids, n, &json));
    offset_links(c, q, r, &ask, more);
    return reply_json(r, json);
}

/* A PreviewCard with its history. */
static void put_trend_link(struct ctx *c, struct jw *w, const struct trend_link *l)
{
    struct jw h = jw_on(c->arena);
    struct tag_day days[TAG_DAYS];
    for (int i = 0; i < TAG_DAYS; i++)
        days[i] = (struct tag_day){ tag_day_ms(c, i), l->days[i].uses, l->days[i].people };
    jw_obj(&h);
    entity_history(c, &h, days);
    jw_obj_end(&h);
    struct str history = str_skip(jw_end(&h), 1);
    struct str card = card_json(c, &l->card);
    card = str_head(card, card.n - 1);
    jw_raw(w, arena_strf(c->arena, STR_FMT "," STR_FMT, STR_ARG(card), STR_ARG(history)));
}

/* GET /api/v1/trends/links */
enum err api_trends_links(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page ask = { 0 };
    struct trend_link *links = NULL;
    int64_t n = 0;
    bool more = false;
    struct jw w = jw_on(c->arena);
    TRY(page_parse(c, q, THINGS_DEFAULT, THINGS_MAX, &ask));
    TRY(trend_links(c, &ask, &links, &n, &more));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        put_trend_link(c, &w, &links[i]);
    jw_arr_end(&w);
    offset_links(c, q, r, &ask, more);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/timelines/link */
enum err api_timeline_link(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct status_page page = { 0 };
    TRY(page_parse(c, q, STATUSES_DEFAULT, STATUSES_MAX, &p));
    TRY(trend_link_timeline(c, http_param(q, "url"), &p, &page));
    return reply_status_page(c, q, r, FILTER_PUBLIC, &page);
}
