/* SPDX-License-Identifier: Apache-2.0 */
#include "core/suggest.h"

#include "api/entity.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"

#define PAGE_DEFAULT 40
#define PAGE_MAX     80

static enum err load(struct ctx *c, const struct http_req *q, struct suggestion **found, int64_t *n, struct str **json)
{
    struct page p = { 0 };
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &p));
    TRY(suggest(c, p.limit, found, n));
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)*n + 1, int64_t);
    *json = ARENA_ARRAY(c->arena, (size_t)*n + 1, struct str);
    for (int64_t i = 0; i < *n; i++)
        ids[i] = (*found)[i].id;
    return entity_accounts(c, ids, *n, *json);
}

static void put_sources(struct jw *w, unsigned sources)
{
    static const struct {
        enum suggest_source bit;
        struct str word;
    } words[] = { { SUGGEST_FRIENDS, STR("friends_of_friends") },
                  { SUGGEST_FOLLOWED, STR("most_followed") },
                  { SUGGEST_LIKED, STR("most_interactions") } };
    /* the one word of former versions */
    jw_kstr(w, STR("source"), (sources & SUGGEST_FRIENDS) != 0 ? STR("past_interactions") : STR("global"));
    jw_karr(w, STR("sources"));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if ((sources & words[i].bit) != 0)
            jw_str(w, words[i].word);
    jw_arr_end(w);
}

/* GET /api/v2/suggestions */
enum err api_suggestions(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct suggestion *found = NULL;
    struct str *json = NULL;
    int64_t n = 0;
    struct jw w = jw_on(c->arena);
    TRY(load(c, q, &found, &n, &json));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++) {
        if (json[i].p == NULL)
            continue;
        jw_obj(&w);
        put_sources(&w, found[i].sources);
        jw_kraw(&w, STR("account"), json[i]);
        jw_obj_end(&w);
    }
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/suggestions: accounts alone */
enum err api_suggestions_v1(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct suggestion *found = NULL;
    struct str *json = NULL;
    int64_t n = 0;
    struct jw w = jw_on(c->arena);
    TRY(load(c, q, &found, &n, &json));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        if (json[i].p != NULL)
            jw_raw(&w, json[i]);
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* DELETE /api/v1/suggestions/:id */
enum err api_suggestion_dismiss(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(suggest_dismiss(c, id));
    return reply_json(r, STR("{}"));
}

/* GET /api/v1/directory: all accounts are of this server, so local= changes nothing */
enum err api_directory(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct str json = { 0 };
    int64_t *ids = NULL;
    int64_t n = 0;
    bool more = false;
    bool by_age = str_eq(http_param(q, "order"), STR("new"));
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &p));
    TRY(directory(c, by_age ? DIRECTORY_NEW : DIRECTORY_ACTIVE, &p, &ids, &n, &more));
    TRY(entity_account_list(c, ids, n, &json));
    offset_links(c, q, r, &p, more);
    return reply_json(r, json);
}
