/* SPDX-License-Identifier: Apache-2.0 */
#include "api/filters.h"

#include "api/entity.h"
#include "api/reply.h"
#include "api/routes.h"

static const struct {
    struct str word;
    enum filter_context bit;
} contexts[] = { { { "home", 4 }, FILTER_HOME },
                 { { "notifications", 13 }, FILTER_NOTIFICATIONS },
                 { { "public", 6 }, FILTER_PUBLIC },
                 { { "thread", 6 }, FILTER_THREAD },
                 { { "account", 7 }, FILTER_ACCOUNT } };
#define CONTEXTS (sizeof contexts / sizeof contexts[0])

static const struct str actions[FILTER_ACTIONS] = { STR("warn"), STR("hide"), STR("blur") };

/* --- model -> JSON --- */

void filter_put_contexts(struct jw *w, const struct filter *f)
{
    jw_karr(w, STR("context"));
    for (size_t i = 0; i < CONTEXTS; i++)
        if ((f->contexts & contexts[i].bit) != 0)
            jw_str(w, contexts[i].word);
    jw_arr_end(w);
}

static void put_keyword(struct jw *w, const struct filter_keyword *k)
{
    jw_obj(w);
    jw_kid(w, STR("id"), k->id);
    jw_kstr(w, STR("keyword"), k->keyword);
    jw_kbool(w, STR("whole_word"), k->whole_word);
    jw_obj_end(w);
}

static void put_status(struct jw *w, const struct filter_status *s)
{
    jw_obj(w);
    jw_kid(w, STR("id"), s->id);
    jw_kid(w, STR("status_id"), s->status_id);
    jw_obj_end(w);
}

static void put_keywords(struct jw *w, const struct filters *all, int64_t filter_id)
{
    jw_arr(w);
    for (int64_t i = 0; i < all->keywords_n; i++)
        if (all->keywords[i].filter_id == filter_id)
            put_keyword(w, &all->keywords[i]);
    jw_arr_end(w);
}

static void put_statuses(struct jw *w, const struct filters *all, int64_t filter_id)
{
    jw_arr(w);
    for (int64_t i = 0; i < all->statuses_n; i++)
        if (all->statuses[i].filter_id == filter_id)
            put_status(w, &all->statuses[i]);
    jw_arr_end(w);
}

void entity_filter(struct jw *w, const struct filter *f, const struct filters *all)
{
    jw_obj(w);
    jw_kid(w, STR("id"), f->id);
    jw_kstr(w, STR("title"), f->title);
    filter_put_contexts(w, f);
    jw_ktime(w, STR("expires_at"), f->expires_ms);
    jw_kstr(w, STR("filter_action"), actions[f->action]);
    if (all != NULL) {
        jw_key(w, STR("keywords"));
        put_keywords(w, all, f->id);
        jw_key(w, STR("statuses"));
        put_statuses(w, all, f->id);
    }
    jw_obj_end(w);
}

/* --- request -> wish --- */

int filter_parse_bool(const struct http_req *q, const char *name)
{
    return http_param(q, name).n > 0 ? (int)http_bool(q, name, false) : -1;
}

enum err filter_parse_contexts(struct ctx *c, const struct http_req *q, int *out)
{
    size_t n = 0;
    const struct str *given = http_list(q, "context", &n);
    *out = http_has(q, "context") ? 0 : -1;
    for (size_t i = 0; i < n; i++) {
        int bit = 0;
        for (size_t k = 0; k < CONTEXTS; k++)
            if (str_eq(given[i], contexts[k].word))
                bit = (int)contexts[k].bit;
        if (bit == 0)
            return fail(c, ERR_INVALID, "Validation failed: Context None or invalid context supplied");
        *out |= bit;
    }
    return OK;
}

/* An empty expires_in means that it never ends. */
enum err filter_parse_expiry(struct ctx *c, const struct http_req *q, struct filter_wish *w)
{
    w->has_expiry = http_has(q, "expires_in");
    if (http_param(q, "expires_in").n > 0 && !http_i64(q, "expires_in", 0, INT64_MAX, false, &w->expires_s))
        return fail(c, ERR_INVALID, "Validation failed: Expires in is not a number of seconds from now");
    return OK;
}

/* keywords_attributes[KEY][keyword|whole_word|id|_destroy]: one word for each KEY; without keys each [keyword] or [id]
   that comes again begins another. */
static enum err parse_keywords(struct ctx *c, const struct http_req *q, struct filter_wish *w)
{
    static const struct str name = STR("keywords_attributes");
    struct str *keys = ARENA_ARRAY(c->arena, q->params_n + 1, struct str);
    unsigned *given = ARENA_ARRAY(c->arena, q->params_n + 1, unsigned);
    static const char *const parts[] = { "[keyword]", "[whole_word]", "[id]", "[_destroy]" };
    w->keywords = ARENA_ARRAY(c->arena, q->params_n + 1, struct keyword_wish);
    for (size_t i = 0; i < q->params_n; i++) {
        struct str rest = q->params[i].name;
        struct str value = q->params[i].value;
        struct str key = { 0 };
        unsigned part = 0;
        int64_t at = 0;
        if (!str_starts(rest, name) || rest.n == name.n)
            continue;
        rest = str_skip(rest, name.n + 1);
        if (!str_cut(&rest, ']', &key))
            continue;
        while (part < 4 && !str_eq(rest, str_c(parts[part])))
            part++;
        if (part == 4)
            continue;
        while (at < w->keywords_n && !(str_eq(keys[at], key) && (key.n > 0 || (given[at] >> part & 1) == 0)))
            at++;
        if (at == w->keywords_n) {
            keys[w->keywords_n++] = key;
            w->keywords[at] = (struct keyword_wish){ .whole_word = -1 };
        }
        struct keyword_wish *k = &w->keywords[at];
        given[at] |= 1U << part;
        bool yes = value.n > 0 && !str_eq(value, STR("0")) && !str_eq_nocase(value, STR("false"));
        if (part == 0)
            k->keyword = value;
        else if (part == 1)
            k->whole_word = yes;
        else if (part == 3)
            k->drop = yes;
        else if (value.n > 0 && !id_parse(value, &k->id))
            return fail(c, ERR_NOT_FOUND, "Record not found");
    }
    return OK;
}

static enum err parse_wish(struct ctx *c, const struct http_req *q, struct filter_wish *w)
{
    struct str action = http_param(q, "filter_action");
    *w = (struct filter_wish){ .title = http_param(q, "title"), .action = -1 };
    TRY(filter_parse_contexts(c, q, &w->contexts));
    TRY(filter_parse_expiry(c, q, w));
    for (int i = 0; i < FILTER_ACTIONS; i++)
        if (str_eq(action, actions[i]))
            w->action = i;
    if (action.n > 0 && w->action < 0)
        return fail(c, ERR_INVALID, "Validation failed: Filter action is none of warn, hide, blur");
    return parse_keywords(c, q, w);
}

/* --- handlers --- */

static enum err reply_filter(struct ctx *c, struct http_res *r, int64_t id)
{
    struct filters all;
    const struct filter *f = NULL;
    struct jw w = jw_on(c->arena);
    TRY(filter_all(c, &all));
    TRY(filter_get(c, id, &all, &f));
    entity_filter(&w, f, &all);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v2/filters */
enum err api_filters(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct filters all;
    struct jw w = jw_on(c->arena);
    (void)q;
    TRY(filter_all(c, &all));
    jw_arr(&w);
    for (int64_t i = 0; i < all.filters_n; i++)
        entity_filter(&w, &all.filters[i], &all);
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v2/filters/:id */
enum err api_filter_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    return reply_filter(c, r, id);
}

/* POST /api/v2/filters */
enum err api_filter_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct filter_wish w;
    int64_t id = 0;
    TRY(parse_wish(c, q, &w));
    TRY(filter_create(c, &w, &id));
    return reply_filter(c, r, id);
}

/* PUT /api/v2/filters/:id */
enum err api_filter_update(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct filter_wish w;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(parse_wish(c, q, &w));
    TRY(filter_update(c, id, &w));
    return reply_filter(c, r, id);
}

typedef enum err drop_fn(struct ctx *c, int64_t id);

static enum err drop(struct ctx *c, const struct http_req *q, struct http_res *r, drop_fn *what)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(what(c, id));
    return reply_json(r, STR("{}"));
}

/* DELETE /api/v2/filters/:id */
enum err api_filter_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return drop(c, q, r, filter_delete);
}

typedef void put_fn(struct jw *w, const struct filters *all, int64_t filter_id);

static enum err reply_part(struct ctx *c, const struct http_req *q, struct http_res *r, put_fn *put)
{
    struct filters all;
    const struct filter *f = NULL;
    struct jw w = jw_on(c->arena);
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(filter_all(c, &all));
    TRY(filter_get(c, id, &all, &f));
    put(&w, &all, f->id);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v2/filters/:id/keywords */
enum err api_filter_keywords(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return reply_part(c, q, r, put_keywords);
}

/* GET /api/v2/filters/:id/statuses */
enum err api_filter_statuses(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return reply_part(c, q, r, put_statuses);
}

static struct filter_wish one_keyword(const struct http_req *q, struct keyword_wish *k, int64_t id)
{
    *k = (struct keyword_wish){ .id = id,
                                .keyword = http_param(q, "keyword"),
                                .whole_word = filter_parse_bool(q, "whole_word") };
    return (struct filter_wish){ .contexts = -1, .action = -1, .keywords = k, .keywords_n = 1 };
}

static enum err reply_keyword(struct ctx *c, struct http_res *r, int64_t id)
{
    struct filters all;
    const struct filter_keyword *k = NULL;
    struct jw w = jw_on(c->arena);
    TRY(filter_all(c, &all));
    TRY(filter_keyword_get(c, id, &all, &k));
    put_keyword(&w, k);
    return reply_json(r, jw_end(&w));
}

/* POST /api/v2/filters/:id/keywords */
enum err api_filter_keyword_add(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct keyword_wish k;
    struct filter_wish w = one_keyword(q, &k, 0);
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(filter_update(c, id, &w));
    return reply_keyword(c, r, k.id);
}

/* GET /api/v2/filters/keywords/:id */
enum err api_filter_keyword_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    return reply_keyword(c, r, id);
}

/* PUT /api/v2/filters/keywords/:id */
enum err api_filter_keyword_update(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct filters all;
    struct keyword_wish k;
    const struct filter_keyword *was = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(filter_all(c, &all));
    TRY(filter_keyword_get(c, id, &all, &was));
    struct filter_wish w = one_keyword(q, &k, id);
    TRY(filter_update(c, was->filter_id, &w));
    return reply_keyword(c, r, id);
}

static enum err drop_keyword(struct ctx *c, int64_t id)
{
    return filter_keyword_delete(c, id, false);
}

/* DELETE /api/v2/filters/keywords/:id */
enum err api_filter_keyword_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return drop(c, q, r, drop_keyword);
}

static enum err reply_one_filtered(struct ctx *c, struct http_res *r, int64_t id)
{
    struct filters all;
    const struct filter_status *s = NULL;
    struct jw w = jw_on(c->arena);
    TRY(filter_all(c, &all));
    TRY(filter_status_get(c, id, &all, &s));
    put_status(&w, s);
    return reply_json(r, jw_end(&w));
}

/* POST /api/v2/filters/:id/statuses */
enum err api_filter_status_add(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    int64_t status_id = 0;
    int64_t made = 0;
    TRY(path_id(c, q, 0, &id));
    if (!id_parse(http_param(q, "status_id"), &status_id))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(filter_status_add(c, id, status_id, &made));
    return reply_one_filtered(c, r, made);
}

/* GET /api/v2/filters/statuses/:id */
enum err api_filter_status_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    return reply_one_filtered(c, r, id);
}

/* DELETE /api/v2/filters/statuses/:id */
enum err api_filter_status_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return drop(c, q, r, filter_status_delete);
}
