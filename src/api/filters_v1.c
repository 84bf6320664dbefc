/* SPDX-License-Identifier: Apache-2.0 */
#include "api/filters.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"

/* The former API on the same rows: each word is a filter with the word's id; "irreversible" is what hides. */

static void put_v1(struct jw *w, const struct filter *f, const struct filter_keyword *k)
{
    jw_obj(w);
    jw_kid(w, STR("id"), k->id);
    jw_kstr(w, STR("phrase"), k->keyword);
    filter_put_contexts(w, f);
    jw_kbool(w, STR("whole_word"), k->whole_word);
    jw_ktime(w, STR("expires_at"), f->expires_ms);
    jw_kbool(w, STR("irreversible"), f->action == FILTER_HIDE);
    jw_obj_end(w);
}

static enum err reply_v1(struct ctx *c, struct http_res *r, int64_t id)
{
    struct filters all;
    const struct filter_keyword *k = NULL;
    const struct filter *f = NULL;
    struct jw w = jw_on(c->arena);
    TRY(filter_all(c, &all));
    TRY(filter_keyword_get(c, id, &all, &k));
    TRY(filter_get(c, k->filter_id, &all, &f));
    put_v1(&w, f, k);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/filters */
enum err api_filters_v1(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct filters all;
    const struct filter *f = NULL;
    struct jw w = jw_on(c->arena);
    (void)q;
    TRY(filter_all(c, &all));
    jw_arr(&w);
    for (int64_t i = 0; i < all.keywords_n; i++) {
        TRY(filter_get(c, all.keywords[i].filter_id, &all, &f));
        put_v1(&w, f, &all.keywords[i]);
    }
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/filters/:id */
enum err api_filter_v1_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    return reply_v1(c, r, id);
}

static enum err parse_v1(struct ctx *c, const struct http_req *q, struct filter_wish *w, struct keyword_wish *k)
{
    int hides = filter_parse_bool(q, "irreversible");
    k->keyword = http_param(q, "phrase");
    k->whole_word = filter_parse_bool(q, "whole_word");
    *w = (struct filter_wish){ .title = k->keyword,
                               .action = hides < 0    ? -1
                                         : hides != 0 ? FILTER_HIDE
                                                      : FILTER_WARN,
                               .keywords = k,
                               .keywords_n = 1 };
    TRY(filter_parse_contexts(c, q, &w->contexts));
    return filter_parse_expiry(c, q, w);
}

/* POST /api/v1/filters */
enum err api_filter_v1_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct keyword_wish k = { 0 };
    struct filter_wish w;
    int64_t id = 0;
    TRY(parse_v1(c, q, &w, &k));
    TRY(filter_create(c, &w, &id));
    return reply_v1(c, r, k.id);
}

/* PUT /api/v1/filters/:id */
enum err api_filter_v1_update(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct filters all;
    const struct filter_keyword *was = NULL;
    struct keyword_wish k = { 0 };
    struct filter_wish w;
    TRY(path_id(c, q, 0, &k.id));
    TRY(filter_all(c, &all));
    TRY(filter_keyword_get(c, k.id, &all, &was));
    TRY(parse_v1(c, q, &w, &k));
    TRY(filter_update(c, was->filter_id, &w));
    return reply_v1(c, r, k.id);
}

/* DELETE /api/v1/filters/:id : with its last word the filter goes */
enum err api_filter_v1_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(filter_keyword_delete(c, id, true));
    return reply_json(r, STR("{}"));
}
