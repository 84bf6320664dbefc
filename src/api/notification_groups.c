/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "api/entity_report.h"
#include "api/link.h"
#include "api/notification_ask.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/address.h"
#include "core/notification_group.h"
#include "store/account.h"
#include "store/report.h"

#define LIST_DEFAULT 40
#define IDS_MAX      (GROUPS_MAX * GROUP_SAMPLES_MAX)

/* A set of ids in the order in which they came. */
struct ids {
    int64_t *v;
    int64_t n;
};

static void add(struct ids *ids, int64_t id)
{
    for (int64_t i = 0; i < ids->n; i++)
        if (ids->v[i] == id)
            return;
    if (id != 0)
        ids->v[ids->n++] = id;
}

static bool has(const struct ids *ids, const struct str *json, int64_t id)
{
    for (int64_t i = 0; i < ids->n; i++)
        if (ids->v[i] == id)
            return json[i].p != NULL;
    return false;
}

/* What groups speak of, each kind in one batch. */
struct spoken_of {
    struct ids accounts; /* in full */
    struct ids partial;  /* only seen as pictures in a row */
    struct ids statuses;
    struct str *account_json;
    struct str *status_json;
    struct str *report_json; /* of each group */
};

static enum err load_reports(struct ctx *c, const struct notification_groups *g, struct str *out)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)g->n + 1, int64_t);
    struct report **found = ARENA_ARRAY(c->arena, (size_t)g->n + 1, struct report *);
    bool any = false;
    for (int64_t i = 0; i < g->n; i++) {
        ids[i] = g->rows[i].newest.report_id;
        any = any || ids[i] != 0;
    }
    if (!any)
        return OK;
    TRY(store_report_load(c, ids, g->n, found));
    return entity_reports(c, found, g->n, out);
}

static enum err load(struct ctx *c, enum filter_context where, const struct notification_groups *g, bool partly,
                     struct spoken_of *s)
{
    size_t room = IDS_MAX + GROUPS_MAX;
    *s = (struct spoken_of){ .accounts.v = ARENA_ARRAY(c->arena, room, int64_t),
                             .partial.v = ARENA_ARRAY(c->arena, room, int64_t),
                             .statuses.v = ARENA_ARRAY(c->arena, room, int64_t),
                             .account_json = ARENA_ARRAY(c->arena, room, struct str),
                             .status_json = ARENA_ARRAY(c->arena, room, struct str),
                             .report_json = ARENA_ARRAY(c->arena, room, struct str) };
    for (int64_t i = 0; i < g->n; i++) {
        add(&s->accounts, g->rows[i].newest.from_id);
        add(&s->statuses, g->rows[i].newest.status_id);
    }
    for (int64_t i = 0; i < g->n; i++)
        for (int64_t k = 0; k < g->rows[i].samples_n; k++)
            add(partly ? &s->partial : &s->accounts, g->rows[i].samples[k]);
    TRY(entity_accounts(c, s->accounts.v, s->accounts.n, s->account_json));
    TRY(entity_statuses_in(c, where, s->statuses.v, s->statuses.n, s->status_json));
    return load_reports(c, g, s->report_json);
}

static void put_all(struct jw *w, struct str key, const struct ids *ids, const struct str *json)
{
    jw_karr(w, key);
    for (int64_t i = 0; i < ids->n; i++)
        if (json[i].p != NULL)
            jw_raw(w, json[i]);
    jw_arr_end(w);
}

static enum err put_partial(struct ctx *c, struct jw *w, const struct spoken_of *s)
{
    struct account **rows = ARENA_ARRAY(c->arena, (size_t)s->partial.n + 1, struct account *);
    if (s->partial.n > 0)
        TRY(store_account_load(c, s->partial.v, s->partial.n, rows));
    jw_karr(w, STR("partial_accounts"));
    for (int64_t i = 0; i < s->partial.n; i++) {
        if (rows[i] == NULL || has(&s->accounts, s->account_json, rows[i]->id))
            continue;
        struct str avatar = address_avatar(c, rows[i]);
        jw_obj(w);
        jw_kid(w, STR("id"), rows[i]->id);
        jw_kstr(w, STR("acct"), address_acct(c, rows[i]));
        jw_kstr(w, STR("url"), address_account(c, rows[i]->username));
        jw_kstr(w, STR("avatar"), avatar);
        jw_kstr(w, STR("avatar_static"), avatar);
        jw_kbool(w, STR("locked"), rows[i]->locked);
        jw_kbool(w, STR("bot"), rows[i]->bot);
        jw_obj_end(w);
    }
    jw_arr_end(w);
    return OK;
}

/* most_recent_notification_id is a number: so is it everywhere else, and typed clients refuse a text. */
static void put_group(struct ctx *c, struct jw *w, const struct notification_group *g, struct str report, bool is_page)
{
    const struct notification *newest = &g->newest;
    jw_obj(w);
    jw_kstr(w, STR("group_key"), notification_group_key(c, newest, g->grouped ? GROUPABLE : 0));
    jw_ki64(w, STR("notifications_count"), g->n);
    jw_kstr(w, STR("type"), notification_word(newest->type));
    jw_ki64(w, STR("most_recent_notification_id"), g->newest_id);
    if (is_page) {
        jw_kid(w, STR("page_min_id"), g->page_min_id);
        jw_kid(w, STR("page_max_id"), g->page_max_id);
        jw_ktime(w, STR("latest_page_notification_at"), newest->created_ms);
    }
    jw_karr(w, STR("sample_account_ids"));
    for (int64_t i = 0; i < g->samples_n; i++)
        jw_id(w, g->samples[i]);
    jw_arr_end(w);
    if (newest->status_id != 0)
        jw_kid(w, STR("status_id"), newest->status_id);
    if (report.p != NULL)
        jw_kraw(w, STR("report"), report);
    jw_obj_end(w);
}

static enum err reply_groups(struct ctx *c, struct http_res *r, const struct notification_groups *g, bool partly,
                             bool is_page)
{
    struct spoken_of s;
    struct jw w = jw_on(c->arena);
    TRY(load(c, is_page ? FILTER_NOTIFICATIONS : FILTER_NOWHERE, g, partly, &s));
    jw_obj(&w);
    put_all(&w, STR("accounts"), &s.accounts, s.account_json);
    if (partly)
        TRY(put_partial(c, &w, &s));
    put_all(&w, STR("statuses"), &s.statuses, s.status_json);
    jw_karr(&w, STR("notification_groups"));
    for (int64_t i = 0; i < g->n; i++) {
        const struct notification *x = &g->rows[i].newest;
        if (has(&s.accounts, s.account_json, x->from_id)
            && (x->status_id == 0 || has(&s.statuses, s.status_json, x->status_id)))
            put_group(c, &w, &g->rows[i], s.report_json[i], is_page);
    }
    jw_arr_end(&w);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

static uint64_t parse_grouped(const struct http_req *q)
{
    return http_has(q, "grouped_types") ? notification_types_parse(q, "grouped_types") : GROUPABLE;
}

/* GET /api/v2/notifications */
enum err api_notification_groups(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct notification_ask ask = { 0 };
    struct notification_groups g = { 0 };
    struct page p = { 0 };
    struct str expand = http_param(q, "expand_accounts");
    bool partly = str_eq(expand, STR("partial_avatars"));
    if (expand.n > 0 && !partly && !str_eq(expand, STR("full")))
        return fail(c, ERR_MALFORMED,
                    "Invalid value for 'expand_accounts': '" STR_FMT "', allowed: full, partial_avatars",
                    STR_ARG(expand));
    TRY(page_parse(c, q, LIST_DEFAULT, GROUPS_MAX, &p));
    if (notification_ask_parse(q, &ask))
        TRY(notification_groups(c, &ask, parse_grouped(q), &p, &g));
    page_links(c, q, r, g.first, g.last, false);
    return reply_groups(c, r, &g, partly, true);
}

/* GET /api/v2/notifications/:group_key */
enum err api_notification_group(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct notification_groups g = { 0 };
    TRY(notification_group_get(c, q->args[0], &g));
    return reply_groups(c, r, &g, false, false);
}

/* GET /api/v2/notifications/:group_key/accounts */
enum err api_notification_group_accounts(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct account_page found = { 0 };
    struct page p = { 0 };
    struct str json = { 0 };
    TRY(page_parse(c, q, LIST_DEFAULT, GROUPS_MAX, &p));
    TRY(notification_group_accounts(c, q->args[0], &p, &found));
    TRY(entity_account_list(c, found.ids, found.n, &json));
    page_links(c, q, r, found.first, found.last, false);
    return reply_json(r, json);
}

/* POST /api/v2/notifications/:group_key/dismiss */
enum err api_notification_group_dismiss(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    TRY(notification_group_dismiss(c, q->args[0]));
    return reply_json(r, STR("{}"));
}

/* GET /api/v2/notifications/unread_count */
enum err api_notification_groups_unread(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct notification_ask ask = { 0 };
    struct jw w = jw_on(c->arena);
    int64_t n = 0;
    if (notification_ask_parse(q, &ask))
        TRY(notification_groups_unread(c, &ask, parse_grouped(q), notification_limit_parse(q), &n));
    jw_obj(&w);
    jw_ki64(&w, STR("count"), n);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}
