/* SPDX-License-Identifier: Apache-2.0 */
#include "api/assemble.h"
#include "api/entity.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/list.h"
#include "core/timeline.h"
#include "feed/feed.h"

#define MEMBERS_DEFAULT 40
#define MEMBERS_MAX     80
#define PAGE_DEFAULT    20
#define PAGE_MAX        40

static const struct str replies_words[LIST_REPLIES_KINDS] = { STR("followed"), STR("list"), STR("none") };

static void put_list(struct jw *w, const struct list *l)
{
    jw_obj(w);
    jw_kid(w, STR("id"), l->id);
    jw_kstr(w, STR("title"), l->title);
    jw_kstr(w, STR("replies_policy"), replies_words[l->replies]);
    jw_kbool(w, STR("exclusive"), l->exclusive);
    jw_obj_end(w);
}

static enum err reply_list(struct ctx *c, struct http_res *r, const struct list *l)
{
    struct jw w = jw_on(c->arena);
    put_list(&w, l);
    return reply_json(r, jw_end(&w));
}

static enum err reply_lists(struct ctx *c, struct http_res *r, const struct list *all, int64_t n)
{
    struct jw w = jw_on(c->arena);
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        put_list(&w, &all[i]);
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

static enum err parse_wish(struct ctx *c, const struct http_req *q, struct list_wish *w)
{
    struct str replies = http_param(q, "replies_policy");
    *w = (struct list_wish){ .title = http_param(q, "title"), .replies = -1, .exclusive = -1 };
    for (int i = 0; i < LIST_REPLIES_KINDS; i++)
        if (str_eq(replies, replies_words[i]))
            w->replies = i;
    if (replies.n > 0 && w->replies < 0)
        return fail(c, ERR_INVALID, "Validation failed: Replies policy is none of followed, list, none");
    if (http_param(q, "exclusive").n > 0)
        w->exclusive = http_bool(q, "exclusive", false);
    return OK;
}

/* GET /api/v1/lists */
enum err api_lists(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct list *all = NULL;
    int64_t n = 0;
    (void)q;
    TRY(list_all(c, &all, &n));
    return reply_lists(c, r, all, n);
}

/* GET /api/v1/accounts/:id/lists */
enum err api_account_lists(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct list *all = NULL;
    int64_t id = 0;
    int64_t n = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(list_of(c, id, &all, &n));
    return reply_lists(c, r, all, n);
}

/* GET /api/v1/lists/:id */
enum err api_list_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct list *l = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(list_get(c, id, &l));
    return reply_list(c, r, l);
}

/* POST /api/v1/lists */
enum err api_list_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct list_wish wish;
    struct list l;
    TRY(parse_wish(c, q, &wish));
    TRY(list_create(c, &wish, &l));
    return reply_list(c, r, &l);
}

/* PUT /api/v1/lists/:id */
enum err api_list_update(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct list_wish wish;
    struct list *l = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(parse_wish(c, q, &wish));
    TRY(list_update(c, id, &wish, &l));
    return reply_list(c, r, l);
}

/* DELETE /api/v1/lists/:id */
enum err api_list_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(list_delete(c, id));
    return reply_json(r, STR("{}"));
}

/* GET /api/v1/lists/:id/accounts : limit=0 asks for everybody, and gets the longest page and its links */
enum err api_list_accounts(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct account_page page = { 0 };
    struct str json = { 0 };
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(page_parse(c, q, MEMBERS_DEFAULT, MEMBERS_MAX, &p));
    if (str_eq(http_param(q, "limit"), STR("0")))
        p.limit = MEMBERS_MAX;
    TRY(list_members(c, id, &p, &page));
    TRY(entity_account_list(c, page.ids, page.n, &json));
    page_links(c, q, r, page.first, page.last, true);
    return reply_json(r, json);
}

typedef enum err members_fn(struct ctx *c, int64_t id, const int64_t *targets, int64_t n);

static enum err change_members(struct ctx *c, const struct http_req *q, struct http_res *r, members_fn *change)
{
    size_t n = 0;
    const struct str *given = http_list(q, "account_ids", &n);
    int64_t *targets = ARENA_ARRAY(c->arena, n + 1, int64_t);
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    for (size_t i = 0; i < n; i++)
        if (!id_parse(given[i], &targets[i]))
            return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(change(c, id, targets, (int64_t)n));
    return reply_json(r, STR("{}"));
}

/* POST /api/v1/lists/:id/accounts */
enum err api_list_accounts_add(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return change_members(c, q, r, list_add);
}

/* DELETE /api/v1/lists/:id/accounts */
enum err api_list_accounts_drop(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return change_members(c, q, r, list_drop);
}

/* GET /api/v1/timelines/list/:id */
enum err api_timeline_list(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct timeline_ask ask = { .kind = TIMELINE_LIST };
    struct timeline t = { 0 };
    TRY(path_id(c, q, 0, &ask.list_id));
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &ask.page));
    TRY(timeline_read(c, &ask, &t));
    return reply_timeline(c, q, r, &t);
}
