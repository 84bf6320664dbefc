/* SPDX-License-Identifier: Apache-2.0 */
#include "core/notification_policy.h"
#include "api/entity.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/visible.h"
#include "store/status.h"

#define LIST_DEFAULT 40
#define LIST_MAX     80

static void put_summary(struct jw *w, const struct policy_summary *sum)
{
    jw_kobj(w, STR("summary"));
    jw_ki64(w, STR("pending_requests_count"), sum->people);
    jw_ki64(w, STR("pending_notifications_count"), sum->notes);
    jw_obj_end(w);
}

static enum err reply_policy(struct ctx *c, struct http_res *r)
{
    struct notification_policy p;
    struct policy_summary sum = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(policy_get(c, &p, &sum));
    jw_obj(&w);
    for (int i = 0; i < NOTE_RULES; i++) {
        struct str word = rule_word((enum notification_rule)i);
        jw_kstr(&w, arena_strf(c->arena, "for_" STR_FMT, STR_ARG(word)), verdict_word(p.of[i]));
    }
    put_summary(&w, &sum);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v2/notifications/policy */
enum err api_policy_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    return reply_policy(c, r);
}

static bool parse_verdict(struct str word, enum notification_verdict *out)
{
    for (enum notification_verdict v = HEAR_ACCEPT; v <= HEAR_DROP; v++)
        if (str_eq(word, verdict_word(v))) {
            *out = v;
            return true;
        }
    return false;
}

/* PATCH /api/v2/notifications/policy */
enum err api_policy_set(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct notification_policy p;
    struct policy_summary sum = { 0 };
    TRY(policy_get(c, &p, &sum));
    for (int i = 0; i < NOTE_RULES; i++) {
        struct str word = rule_word((enum notification_rule)i);
        const char *name = arena_cstr(c->arena, arena_strf(c->arena, "for_" STR_FMT, STR_ARG(word)));
        struct str given = http_param(q, name);
        if (given.n > 0 && !parse_verdict(given, &p.of[i]))
            return fail(c, ERR_INVALID, "Validation failed: %s is accept, filter or drop", name);
    }
    TRY(policy_set(c, &p));
    return reply_policy(c, r);
}

/* The first form of it, which some apps still ask for: each rule filters or does not. */
static const enum notification_rule first_rules[] = { RULE_NOT_FOLLOWING, RULE_NOT_FOLLOWERS, RULE_NEW_ACCOUNTS,
                                                      RULE_PRIVATE_MENTIONS };
#define FIRST_RULES (sizeof first_rules / sizeof first_rules[0])

static enum err reply_policy_v1(struct ctx *c, struct http_res *r)
{
    struct notification_policy p;
    struct policy_summary sum = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(policy_get(c, &p, &sum));
    jw_obj(&w);
    for (size_t i = 0; i < FIRST_RULES; i++) {
        struct str word = rule_word(first_rules[i]);
        jw_kbool(&w, arena_strf(c->arena, "filter_" STR_FMT, STR_ARG(word)), p.of[first_rules[i]] != HEAR_ACCEPT);
    }
    put_summary(&w, &sum);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/notifications/policy */
enum err api_policy_get_v1(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    return reply_policy_v1(c, r);
}

/* PUT /api/v1/notifications/policy: what it drops goes on being dropped when told to filter. */
enum err api_policy_set_v1(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct notification_policy p;
    struct policy_summary sum = { 0 };
    TRY(policy_get(c, &p, &sum));
    for (size_t i = 0; i < FIRST_RULES; i++) {
        enum notification_verdict *now = &p.of[first_rules[i]];
        struct str word = rule_word(first_rules[i]);
        bool filters = http_bool(q, arena_cstr(c->arena, arena_strf(c->arena, "filter_" STR_FMT, STR_ARG(word))),
                                 *now != HEAR_ACCEPT);
        if (filters != (*now != HEAR_ACCEPT))
            *now = filters ? HEAR_FILTER : HEAR_ACCEPT;
    }
    TRY(policy_set(c, &p));
    return reply_policy_v1(c, r);
}

/* --- requests --- */

static void put_request(struct ctx *c, struct jw *w, const struct notification_request *r, struct str account,
                        struct str status)
{
    jw_obj(w);
    jw_kid(w, STR("id"), r->from_id);
    jw_ktime(w, STR("created_at"), r->created_ms);
    jw_ktime(w, STR("updated_at"), r->updated_ms);
    jw_kstr(w, STR("notifications_count"), arena_strf(c->arena, "%lld", (long long)r->n));
    jw_kraw(w, STR("account"), account);
    if (status.p != NULL)
        jw_kraw(w, STR("last_status"), status);
    else
        jw_knull(w, STR("last_status"));
    jw_obj_end(w);
}

/* Requests with whom and what they are about, in two batches. */
static enum err put_requests(struct ctx *c, struct jw *w, const struct notification_request *rows, int64_t n)
{
    size_t room = (size_t)n + 1;
    int64_t *from = ARENA_ARRAY(c->arena, room, int64_t);
    int64_t *about = ARENA_ARRAY(c->arena, room, int64_t);
    struct status **seen = ARENA_ARRAY(c->arena, room, struct status *);
    struct str *accounts = ARENA_ARRAY(c->arena, room, struct str);
    struct str *statuses = ARENA_ARRAY(c->arena, room, struct str);
    for (int64_t i = 0; i < n; i++) {
        from[i] = rows[i].from_id;
        about[i] = rows[i].status_id;
    }
    TRY(store_status_load(c, about, n, seen));
    TRY(statuses_filter(c, seen, n, VISIBLE_ASKED, NULL));
    for (int64_t i = 0; i < n; i++)
        about[i] = seen[i] == NULL ? 0 : about[i];
    TRY(entity_accounts(c, from, n, accounts));
    TRY(entity_statuses(c, about, n, statuses));
    for (int64_t i = 0; i < n; i++)
        if (accounts[i].p != NULL)
            put_request(c, w, &rows[i], accounts[i], statuses[i]);
    return OK;
}

/* GET /api/v1/notifications/requests */
enum err api_requests(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct request_page found = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(page_parse(c, q, LIST_DEFAULT, LIST_MAX, &p));
    TRY(request_list(c, &p, &found));
    jw_arr(&w);
    TRY(put_requests(c, &w, found.rows, found.n));
    jw_arr_end(&w);
    page_links(c, q, r, found.first, found.last, false);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/notifications/requests/:id */
enum err api_request_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct notification_request found = { 0 };
    struct jw w = jw_on(c->arena);
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(request_get(c, id, &found));
    TRY(put_requests(c, &w, &found, 1));
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/notifications/requests/merged: accepting shows everything at once */
enum err api_requests_merged(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)c;
    (void)q;
    return reply_json(r, STR("{\"merged\":true}"));
}

typedef enum err decide_fn(struct ctx *c, const int64_t *from, int64_t n);

static enum err decide_one(struct ctx *c, const struct http_req *q, struct http_res *r, decide_fn *decide)
{
    struct notification_request found = { 0 };
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(request_get(c, id, &found));
    TRY(decide(c, &id, 1));
    return reply_json(r, STR("{}"));
}

static enum err decide_many(struct ctx *c, const struct http_req *q, struct http_res *r, decide_fn *decide)
{
    size_t given_n = 0;
    int64_t ids[REQUESTS_AT_ONCE_MAX];
    const struct str *given = http_list(q, "id", &given_n);
    if (given_n > REQUESTS_AT_ONCE_MAX)
        return fail(c, ERR_INVALID, "Validation failed: at most %d requests at once", REQUESTS_AT_ONCE_MAX);
    for (size_t i = 0; i < given_n; i++)
        if (!id_parse(given[i], &ids[i]))
            return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(decide(c, ids, (int64_t)given_n));
    return reply_json(r, STR("{}"));
}

/* POST /api/v1/notifications/requests/:id/accept */
enum err api_request_accept(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return decide_one(c, q, r, requests_accept);
}

/* POST /api/v1/notifications/requests/:id/dismiss */
enum err api_request_dismiss(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return decide_one(c, q, r, requests_dismiss);
}

/* POST /api/v1/notifications/requests/accept */
enum err api_requests_accept(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return decide_many(c, q, r, requests_accept);
}

/* POST /api/v1/notifications/requests/dismiss */
enum err api_requests_dismiss(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return decide_many(c, q, r, requests_dismiss);
}
