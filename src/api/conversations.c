/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/conversation.h"

#define PAGE_DEFAULT 20
#define PAGE_MAX     40

/* What n conversations are made of, loaded in one go each. */
struct parts {
    struct str *people; /* of all of them, one after the other */
    struct str *last;
};

static enum err load_parts(struct ctx *c, const struct talk *t, int64_t n, struct parts *out)
{
    int64_t all = 0;
    int64_t at = 0;
    for (int64_t i = 0; i < n; i++)
        all += t[i].people_n;
    int64_t *people = ARENA_ARRAY(c->arena, (size_t)all + 1, int64_t);
    int64_t *last = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++) {
        last[i] = t[i].row.last_status_id;
        for (int64_t k = 0; k < t[i].people_n; k++)
            people[at++] = t[i].people[k];
    }
    out->people = ARENA_ARRAY(c->arena, (size_t)all + 1, struct str);
    out->last = ARENA_ARRAY(c->arena, (size_t)n + 1, struct str);
    TRY(entity_accounts(c, people, all, out->people));
    return entity_statuses(c, last, n, out->last);
}

/* Its people begin at `people`. */
static void put(struct jw *w, const struct talk *t, const struct str *people, struct str last)
{
    jw_obj(w);
    jw_kid(w, STR("id"), t->row.id);
    jw_kbool(w, STR("unread"), t->row.unread);
    jw_karr(w, STR("accounts"));
    for (int64_t i = 0; i < t->people_n; i++)
        if (people[i].p != NULL)
            jw_raw(w, people[i]);
    jw_arr_end(w);
    jw_kraw(w, STR("last_status"), last.p == NULL ? STR("null") : last);
    jw_obj_end(w);
}

enum err entity_conversation(struct ctx *c, const struct talk *t, struct str *out)
{
    struct parts parts = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(load_parts(c, t, 1, &parts));
    put(&w, t, parts.people, parts.last[0]);
    *out = jw_end(&w);
    return OK;
}

/* GET /api/v1/conversations : pages go by the id of the last parley */
enum err api_conversations(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct talk_page found = { 0 };
    struct parts parts = { 0 };
    struct jw w = jw_on(c->arena);
    int64_t at = 0;
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &p));
    TRY(conversation_list(c, &p, &found));
    TRY(load_parts(c, found.rows, found.n, &parts));
    jw_arr(&w);
    for (int64_t i = 0; i < found.n; i++) {
        put(&w, &found.rows[i], &parts.people[at], parts.last[i]);
        at += found.rows[i].people_n;
    }
    jw_arr_end(&w);
    page_links(c, q, r, found.first, found.last, false);
    return reply_json(r, jw_end(&w));
}

/* DELETE /api/v1/conversations/:id */
enum err api_conversation_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(conversation_remove(c, id));
    return reply_json(r, STR("{}"));
}

/* POST /api/v1/conversations/:id/read */
enum err api_conversation_read(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct talk t = { 0 };
    struct str json = { 0 };
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(conversation_read(c, id, &t));
    TRY(entity_conversation(c, &t, &json));
    return reply_json(r, json);
}

/* GET /api/v1/timelines/direct : what clients asked for before there were conversations */
enum err api_timeline_direct(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct status_page found = { 0 };
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &p));
    TRY(conversation_timeline(c, &p, &found));
    return reply_status_page(c, q, r, FILTER_NOWHERE, &found);
}
