/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity_tag.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/jw.h"
#include "core/address.h"
#include "core/tag_mark.h"
#include "core/text.h"
#include "core/visible.h"
#include "model/account.h"

#define TIMELINE_DEFAULT 20
#define TIMELINE_MAX     40
#define FOLLOWED_DEFAULT 100
#define FOLLOWED_MAX     200

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

static enum err reply_tag(struct ctx *c, struct http_res *r, const struct tag_info *t)
{
    struct jw w = jw_on(c->arena);
    entity_tag(c, &w, t);
    return reply_json(r, jw_end(&w));
}

static enum err reply_tags(struct ctx *c, struct http_res *r, const struct tag_info *tags, int64_t n)
{
    struct jw w = jw_on(c->arena);
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        entity_tag(c, &w, &tags[i]);
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/tags/:name */
enum err api_tag_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct tag_info t = { 0 };
    TRY(tag_find(c, q->args[0], &t));
    TRY(tag_marks_load(c, &t, 1));
    return reply_tag(c, r, &t);
}

static enum err mark(struct ctx *c, const struct http_req *q, struct http_res *r, enum tag_mark kind, bool on)
{
    struct tag_info t = { 0 };
    TRY(tag_mark_set(c, kind, q->args[0], on, &t));
    return reply_tag(c, r, &t);
}

/* POST /api/v1/tags/:name/... */
enum err api_tag_follow(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return mark(c, q, r, TAG_MARK_FOLLOW, true);
}

enum err api_tag_unfollow(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return mark(c, q, r, TAG_MARK_FOLLOW, false);
}

enum err api_tag_feature(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return mark(c, q, r, TAG_MARK_FEATURE, true);
}

enum err api_tag_unfeature(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return mark(c, q, r, TAG_MARK_FEATURE, false);
}

/* GET /api/v1/followed_tags */
enum err api_followed_tags(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct tag_page page;
    TRY(page_parse(c, q, FOLLOWED_DEFAULT, FOLLOWED_MAX, &p));
    TRY(tag_followed(c, &p, &page));
    page_links(c, q, r, page.first, page.last, true);
    return reply_tags(c, r, page.tags, page.n);
}

static void put_featured(struct ctx *c, struct jw *w, struct str username, const struct featured_tag *t)
{
    struct str name = http_percent_encode(c->arena, t->name);
    jw_obj(w);
    jw_kid(w, STR("id"), t->row_id);
    jw_kstr(w, STR("name"), t->name);
    jw_kstr(w, STR("url"),
            arena_strf(c->arena, STR_FMT "/tagged/" STR_FMT, STR_ARG(address_account(c, username)), STR_ARG(name)));
    jw_kstr(w, STR("statuses_count"), arena_strf(c->arena, "%lld", (long long)t->uses));
    jw_knull_str(w, STR("last_status_at"), t->last_ms == 0 ? (struct str){ 0 } : clock_date(c->arena, t->last_ms));
    jw_obj_end(w);
}

enum err entity_featured_tags(struct ctx *c, struct jw *w, const struct account *a)
{
    struct featured_tag *all = NULL;
    int64_t n = 0;
    TRY(tag_featured(c, a->id, &all, &n));
    jw_arr(w);
    for (int64_t i = 0; i < n; i++)
        put_featured(c, w, a->username, &all[i]);
    jw_arr_end(w);
    return OK;
}

static enum err reply_featured(struct ctx *c, struct http_res *r, int64_t account_id)
{
    struct account *a = NULL;
    struct jw w = jw_on(c->arena);
    TRY(account_see(c, account_id, &a));
    TRY(entity_featured_tags(c, &w, a));
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/featured_tags */
enum err api_featured_tags(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    return reply_featured(c, r, c->me->id);
}

/* GET /api/v1/accounts/:id/featured_tags */
enum err api_account_featured_tags(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    return reply_featured(c, r, id);
}

/* POST /api/v1/featured_tags */
enum err api_featured_tag_add(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct tag_info t = { 0 };
    struct featured_tag *all = NULL;
    struct str name = str_trim(http_param(q, "name"));
    int64_t n = 0;
    struct jw w = jw_on(c->arena);
    if (str_starts(name, STR("#")))
        name = str_skip(name, 1);
    if (!text_tag_ok(name))
        return fail(c, ERR_INVALID, "Validation failed: Name is invalid");
    TRY(tag_mark_set(c, TAG_MARK_FEATURE, name, true, &t));
    TRY(tag_featured(c, c->me->id, &all, &n));
    for (int64_t i = 0; i < n; i++)
        if (str_eq(all[i].name, t.name)) {
            put_featured(c, &w, c->me->username, &all[i]);
            return reply_json(r, jw_end(&w));
        }
    return fail(c, ERR_NOT_FOUND, "Record not found"); /* taken off again meanwhile */
}

/* DELETE /api/v1/featured_tags/:id */
enum err api_featured_tag_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(tag_unfeature(c, id));
    return reply_json(r, STR("{}"));
}

/* GET /api/v1/featured_tags/suggestions */
enum err api_featured_tag_suggestions(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct tag_info *tags = NULL;
    int64_t n = 0;
    (void)q;
    TRY(tag_suggested(c, &tags, &n));
    return reply_tags(c, r, tags, n);
}
