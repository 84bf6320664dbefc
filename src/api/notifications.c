/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "api/entity_report.h"
#include "api/link.h"
#include "api/notification_ask.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/notification_group.h"
#include "store/report.h"

#define LIST_DEFAULT 40
#define LIST_MAX     80

uint64_t notification_types_parse(const struct http_req *q, const char *name)
{
    uint64_t types = 0;
    size_t n = 0;
    const struct str *words = http_list(q, name, &n);
    for (size_t i = 0; i < n; i++)
        types |= notification_bit(words[i]);
    return types;
}

bool notification_ask_parse(const struct http_req *q, struct notification_ask *ask)
{
    size_t n = 0;
    (void)http_list(q, "types", &n);
    ask->types = notification_types_parse(q, "types");
    if (n > 0 && ask->types == 0)
        return false;
    if (ask->types == 0)
        ask->types = ~UINT64_C(0);
    ask->types &= ~notification_types_parse(q, "exclude_types");
    ask->filtered_too = http_bool(q, "include_filtered", false);
    struct str from = http_param(q, "account_id");
    return ask->types != 0 && (from.n == 0 || id_parse(from, &ask->from_id));
}

int64_t notification_limit_parse(const struct http_req *q)
{
    int64_t limit = UNREAD_DEFAULT;
    if (http_has(q, "limit") && !http_i64(q, "limit", 1, UNREAD_MAX, true, &limit))
        limit = UNREAD_DEFAULT;
    return limit;
}

/* The three things that notifications speak of, each in one batch. */
struct spoken_of {
    struct str *accounts;
    struct str *statuses;
    struct str *reports;
};

static enum err load_spoken_of(struct ctx *c, enum filter_context where, const struct notification *rows, int64_t n,
                               struct spoken_of *s)
{
    size_t room = (size_t)n + 1;
    int64_t *accounts = ARENA_ARRAY(c->arena, room, int64_t);
    int64_t *statuses = ARENA_ARRAY(c->arena, room, int64_t);
    int64_t *reports = ARENA_ARRAY(c->arena, room, int64_t);
    struct report **found = ARENA_ARRAY(c->arena, room, struct report *);
    *s = (struct spoken_of){
        .accounts = ARENA_ARRAY(c->arena, room, struct str),
        .statuses = ARENA_ARRAY(c->arena, room, struct str),
        .reports = ARENA_ARRAY(c->arena, room, struct str),
    };
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        accounts[i] = rows[i].from_id;
        statuses[i] = rows[i].status_id;
        reports[i] = rows[i].report_id;
        any = any || reports[i] != 0;
    }
    TRY(entity_accounts(c, accounts, n, s->accounts));
    TRY(entity_statuses_in(c, where, statuses, n, s->statuses));
    if (!any)
        return OK;
    TRY(store_report_load(c, reports, n, found));
    return entity_reports(c, found, n, s->reports);
}

static void put(struct ctx *c, struct jw *w, const struct notification *n, const struct spoken_of *s, int64_t i)
{
    jw_obj(w);
    jw_kid(w, STR("id"), n->id);
    jw_kstr(w, STR("type"), notification_word(n->type));
    jw_ktime(w, STR("created_at"), n->created_ms);
    jw_kstr(w, STR("group_key"), notification_group_key(c, n, GROUPABLE));
    if (n->filtered)
        jw_kbool(w, STR("filtered"), true);
    jw_kraw(w, STR("account"), s->accounts[i]);
    if (s->statuses[i].p != NULL)
        jw_kraw(w, STR("status"), s->statuses[i]);
    if (s->reports[i].p != NULL)
        jw_kraw(w, STR("report"), s->reports[i]);
    jw_obj_end(w);
}

/* Who or what went away since the rows were read leaves its notification out. */
static bool is_whole(const struct notification *n, const struct spoken_of *s, int64_t i)
{
    return s->accounts[i].p != NULL && (n->status_id == 0 || s->statuses[i].p != NULL);
}

/* GET /api/v1/notifications */
enum err api_notifications(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct notification_ask ask = { 0 };
    struct page p = { 0 };
    struct notification_page page = { 0 };
    struct spoken_of s = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(page_parse(c, q, LIST_DEFAULT, LIST_MAX, &p));
    if (notification_ask_parse(q, &ask))
        TRY(notification_list(c, &ask, &p, &page));
    TRY(load_spoken_of(c, FILTER_NOTIFICATIONS, page.rows, page.n, &s));
    jw_arr(&w);
    for (int64_t i = 0; i < page.n; i++)
        if (is_whole(&page.rows[i], &s, i))
            put(c, &w, &page.rows[i], &s, i);
    jw_arr_end(&w);
    page_links(c, q, r, page.first, page.last, false);
    return reply_json(r, jw_end(&w));
}

enum err entity_notification(struct ctx *c, enum filter_context where, const struct notification *n, struct str *out)
{
    struct spoken_of s = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(load_spoken_of(c, where, n, 1, &s));
    if (!is_whole(n, &s, 0))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    put(c, &w, n, &s, 0);
    *out = jw_end(&w);
    return OK;
}

/* GET /api/v1/notifications/:id */
enum err api_notification_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct notification n = { 0 };
    struct str json = { 0 };
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(notification_get(c, id, &n));
    TRY(entity_notification(c, FILTER_NOWHERE, &n, &json));
    return reply_json(r, json);
}

/* POST /api/v1/notifications/:id/dismiss, and the old form with the id as a parameter */
enum err api_notification_dismiss(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    if (!id_parse(q->args[0].n > 0 ? q->args[0] : http_param(q, "id"), &id))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(notification_dismiss(c, id));
    return reply_json(r, STR("{}"));
}

/* POST /api/v1/notifications/clear */
enum err api_notifications_clear(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    TRY(notification_clear(c));
    return reply_json(r, STR("{}"));
}

/* GET /api/v1/notifications/unread_count */
enum err api_notifications_unread(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct notification_ask ask = { 0 };
    struct jw w = jw_on(c->arena);
    int64_t n = 0;
    if (notification_ask_parse(q, &ask))
        TRY(notification_unread(c, &ask, notification_limit_parse(q), &n));
    jw_obj(&w);
    jw_ki64(&w, STR("count"), n);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}
