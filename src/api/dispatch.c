/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api.h"
#include "api/route.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/jw.h"
#include "core/limit.h"
#include "core/secret.h"
#include "core/site.h"
#include "feed/feed.h"
#include "model/site.h"

/* Where no body is expected: an app that tries what is not there learns it by 404, and a library that sends what it
   asks for in the body of a GET is answered. As much as most rows take. */
#define STRAY_BODY_MAX ((size_t)64 * 1024)

bool api_owns(struct str path)
{
    return str_starts(path, STR("/api/")) || str_eq(path, STR("/api")) || str_eq(path, STR("/oauth/token"))
           || str_eq(path, STR("/oauth/revoke")) || str_eq(path, STR("/oauth/userinfo"))
           || (str_starts(path, STR("/.well-known/")) && !str_eq(path, STR("/.well-known/change-password")))
           || str_starts(path, STR("/nodeinfo")) || str_starts(path, STR("/media/")) || str_eq(path, STR("/health"))
           || str_eq(path, STR("/ready")) || str_eq(path, STR("/metrics"));
}

bool api_owns_request(const struct http_req *q)
{
    return api_owns(q->path) || (q->token.n > 0 && str_starts(q->path, STR("/withheld/")));
}

/* What every JSON answer carries. */
static void common_headers(const struct ctx *c, struct http_res *r)
{
    http_res_header(r, STR("X-Request-Id"), c->id);
    http_res_header(r, STR("Access-Control-Allow-Origin"), STR("*"));
    http_res_header(r, STR("Access-Control-Expose-Headers"),
                    STR("Link, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
                        "X-Request-Id, Mastodon-Async-Refresh"));
    http_res_header(r, STR("Vary"), STR("Authorization, Origin"));
    http_res_header(r, STR("X-Content-Type-Options"), STR("nosniff"));
}

static void put_details(struct jw *w, const struct field_errors *fields)
{
    jw_kobj(w, STR("details"));
    for (const struct field_errors *f = fields; f != NULL; f = f->next) {
        bool named_before = false;
        for (const struct field_errors *g = fields; g != f; g = g->next)
            named_before = named_before || str_eq(g->field, f->field);
        if (named_before)
            continue;
        jw_karr(w, f->field);
        for (const struct field_errors *g = f; g != NULL; g = g->next) {
            if (!str_eq(g->field, f->field))
                continue;
            jw_obj(w);
            jw_kstr(w, STR("error"), g->code);
            jw_kstr(w, STR("description"), g->description);
            jw_obj_end(w);
        }
        jw_arr_end(w);
    }
    jw_obj_end(w);
}

static void put_error(struct ctx *c, struct http_res *r, int status, struct str says)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("error"), says);
    if (c->fields != NULL)
        put_details(&w, c->fields);
    jw_obj_end(&w);
    r->status = status;
    r->type = STR("application/json; charset=utf-8");
    r->body = jw_end(&w);
}

static struct str says_of(struct ctx *c, enum err e)
{
    if (c->says.n > 0)
        return c->says;
    switch (e) {
    case ERR_NOT_FOUND: return STR("Record not found");
    case ERR_UNAUTHENTICATED: return STR("The access token is invalid");
    case ERR_FORBIDDEN: return STR("This action is not allowed");
    case ERR_TOO_MANY: return STR("Too many requests");
    case ERR_AGAIN: return STR("The server is busy with the same thing. Try again.");
    case OK:
    case ERR_INVALID:
    case ERR_MALFORMED:
    case ERR_GONE:
    case ERR_CONFLICT:
    case ERR_TOO_LARGE:
    case ERR_COLD:
    case ERR_UNAVAILABLE:
    case ERR_NO_SPACE:
    case ERR_INTERNAL: break;
    }
    return STR("The server could not do this.");
}

/* ISO times: clients read them. */
static void put_left(struct ctx *c, struct http_res *r, const struct limit_left *left)
{
    http_res_header(r, STR("X-RateLimit-Limit"), id_text(c->arena, left->limit));
    http_res_header(r, STR("X-RateLimit-Remaining"), id_text(c->arena, left->remaining));
    http_res_header(r, STR("X-RateLimit-Reset"), clock_iso(c->arena, left->reset_ms));
}

/* A stranger's request: what is left is the address's, unless it is the prefix that has used up its own. */
static bool take_address(struct ctx *c, struct limit_left *left)
{
    struct limit_left prefix = { 0 };
    if (!limiter_take(c->limiter, LIMIT_API_ADDRESS, limiter_address(c->arena, c->ip), c->now_ms, left))
        return false;
    if (limiter_take(c->limiter, LIMIT_API_PREFIX, limiter_prefix(c->arena, c->ip), c->now_ms, &prefix))
        return true;
    *left = prefix;
    return false;
}

/* Counts the request and says so in the headers. */
static enum err limit(struct ctx *c, enum limit_kind kind, struct http_res *r)
{
    struct limit_left left = { 0 };
    bool ok = false;
    if (kind == LIMIT_KINDS)
        return OK;
    if (kind == LIMIT_FILE_ADDRESS) /* pictures do not use up what the API allows */
        ok = true;
    else if (c->session != NULL)
        ok = limiter_take(c->limiter, LIMIT_API, c->session->hash, c->now_ms, &left);
    else
        ok = take_address(c, &left);
    if (ok && kind != LIMIT_API) {
        struct str key = c->me != NULL ? id_text(c->arena, c->me->id) : limiter_address(c->arena, c->ip);
        ok = limiter_take(c->limiter, kind, key, c->now_ms, &left);
    }
    put_left(c, r, &left);
    if (ok)
        return OK;
    c->retry_after_s = left.retry_after_s;
    return fail(c, ERR_TOO_MANY, "Too many requests. Try again in %lld seconds.", (long long)left.retry_after_s);
}

static enum err identify(struct ctx *c, const struct http_req *q)
{
    struct session *s = NULL;
    struct account *me = NULL;
    if (q->token.p == NULL)
        return OK;
    TRY(feed_session(c, secret_hash(c->arena, q->token), &s, &me));
    c->session = s;
    c->me = me;
    return OK;
}

void api_refuse(struct ctx *c, const struct http_req *q, int status, struct http_res *r)
{
    struct str says = STR("The request could not be read");
    if (status == 413)
        says = STR("The request is too large");
    else if (status == 429)
        says = STR("Another file of yours, or several from your address, are still coming. Wait for their end.");
    else if (status == 507)
        says = STR("The disk of this server is full");
    else if (status == 414 || status == 431)
        says = STR("The address or the headers of the request are too long");
    else if (status == 408)
        says = STR("The request took too long to arrive");
    else if (status == 503)
        says = STR("The server is busy or stopping. Try again in a few seconds.");
    put_error(c, r, status, says);
    if (status == 503)
        http_res_header(r, STR("Retry-After"), STR("5"));
    (void)identify(c, q); /* by what memory knows; whom it does not know is a stranger */
    (void)limit(c, LIMIT_API, r);
    common_headers(c, r);
}

/* A member who is suspended, not confirmed or not approved has no token that works; frozen ones read. */
static enum err check_member(struct ctx *c, const struct route *rt)
{
    if (c->session == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "The access token is invalid");
    if (rt->who == WHO_APP)
        return OK;
    if (c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    if (c->me->standing.kind == STANDING_SUSPENDED)
        return fail(c, ERR_FORBIDDEN, "Your login is currently disabled");
    if (!c->me->active)
        return fail(c, ERR_FORBIDDEN, "Your login is missing a confirmed e-mail address or is waiting for approval");
    if (rt->who == WHO_WRITER && c->me->standing.kind == STANDING_FROZEN)
        return fail(c, ERR_FORBIDDEN, "Your account is frozen while it is looked into: you can read, but not write");
    return OK;
}

static enum err check_who(struct ctx *c, const struct route *rt)
{
    bool needs_token = rt->who != WHO_ANYONE && rt->who != WHO_PUBLIC_WRITER && rt->who != WHO_MONITOR;
    if (needs_token)
        TRY(check_member(c, rt));
    if (rt->scope != SCOPE_NONE && c->session != NULL && (c->session->scopes & rt->scope) != rt->scope)
        return fail(c, ERR_FORBIDDEN, "This action is outside the authorized scopes");
    return OK;
}

static enum err check_mode(struct ctx *c, const struct route *rt)
{
    if (rt->who != WHO_WRITER && rt->who != WHO_PUBLIC_WRITER)
        return OK;
    return site_allows_write(c);
}

static void answer_preflight(struct http_res *r)
{
    r->status = 200;
    r->type = STR("application/json; charset=utf-8");
    r->body = STR("{}");
    http_res_header(r, STR("Access-Control-Allow-Methods"), STR("GET, POST, PUT, PATCH, DELETE, OPTIONS"));
    http_res_header(r, STR("Access-Control-Allow-Headers"), STR("Authorization, Content-Type, Idempotency-Key, *"));
    http_res_header(r, STR("Access-Control-Max-Age"), STR("7200"));
}

static enum err enter(struct ctx *c, const struct route *rt, struct http_res *r, enum err who)
{
    TRY(limit(c, rt->limit, r));
    TRY(who);
    TRY(check_who(c, rt));
    return check_mode(c, rt);
}

static enum err run_on_worker(struct ctx *c, const struct route *rt, struct http_req *q, struct http_res *r,
                              enum err who)
{
    TRY(enter(c, rt, r, who));
    enum err e = rt->run(c, q, r);
    for (int tries = 1; e == ERR_AGAIN && tries < RACES_MAX; tries++)
        e = rt->run(c, q, r);
    return e;
}

/* Counted only when answered here: what gives way to a worker is counted there. */
static enum err run_in_memory(struct ctx *c, const struct route *rt, struct http_req *q, struct http_res *r,
                              enum err who)
{
    enum err e = who != OK ? who : check_who(c, rt);
    if (e == OK)
        e = rt->run(c, q, r);
    if (e == ERR_COLD)
        return e;
    TRY(limit(c, rt->limit, r));
    return e;
}

/* Counted like any request, but as no guess (limit_missed). With a token that does not work, as a stranger's. */
static enum err run_nowhere(struct ctx *c, const struct http_req *q, struct http_res *r, bool other_method)
{
    (void)identify(c, q);
    TRY(limit(c, LIMIT_API, r));
    return fail(c, ERR_NOT_FOUND, other_method ? "This address does not take this method" : "Not Found");
}

static enum err run(struct ctx *c, struct http_req *q, struct http_res *r, bool on_loop)
{
    bool other_method = false;
    const struct route *rt = route_find(q, &other_method);
    if (on_loop && (rt == NULL || !rt->in_memory))
        return ERR_COLD;
    r->route = rt == NULL ? NULL : rt->path;
    if (rt == NULL)
        return run_nowhere(c, q, r, other_method);
    struct limit_left left = { 0 };
    enum err who = rt->who == WHO_MONITOR ? OK : identify(c, q);
    if (who == ERR_COLD)
        return who;
    if (c->me == NULL && rt->limit != LIMIT_KINDS && limit_missed(c, &left)) {
        put_left(c, r, &left);
        c->retry_after_s = left.retry_after_s;
        return fail(c, ERR_TOO_MANY, "Too many requests for things that are not there");
    }
    enum err e = on_loop ? run_in_memory(c, rt, q, r, who) : run_on_worker(c, rt, q, r, who);
    if (e == ERR_NOT_FOUND && c->me == NULL)
        limit_miss(c);
    return e;
}

static void finish(struct ctx *c, struct http_res *r, enum err e)
{
    if (e != OK) {
        r->body_owned = NULL;
        put_error(c, r, http_status_of(e), says_of(c, e));
        if (e == ERR_UNAUTHENTICATED && http_res_header_of(r, STR("WWW-Authenticate")).p == NULL)
            http_res_header(r, STR("WWW-Authenticate"), STR("Bearer")); /* RFC 6750 3 */
        if (c->retry_after_s > 0)
            http_res_header(r, STR("Retry-After"), id_text(c->arena, c->retry_after_s));
    }
    if (r->status == 0)
        r->status = 200;
    /* a handler that gives an ETag says itself what may be kept (docs/decisions/0003) */
    if (c->session != NULL && (e != OK || http_res_header_of(r, STR("Cache-Control")).p == NULL))
        http_res_header(r, STR("Cache-Control"), STR("private, no-store"));
    common_headers(c, r);
}

void api_dispatch(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct http_req own = *q;
    if (q->method == HTTP_OPTIONS) {
        answer_preflight(r);
        common_headers(c, r);
        return;
    }
    finish(c, r, run(c, &own, r, false));
}

/* All that the row asks for; it is asked again when the body is there, and counts twice. */
bool api_admit(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct http_req own = *q;
    bool other_method = false;
    const struct route *rt = route_find(&own, &other_method);
    r->route = rt->path;
    enum err e = enter(c, rt, r, identify(c, q));
    if (e != OK)
        finish(c, r, e);
    return e == OK;
}

bool api_from_memory(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct http_req own = *q;
    enum err e = run(c, &own, r, true);
    if (e == ERR_COLD) {
        *r = (struct http_res){ .arena = r->arena };
        return false;
    }
    finish(c, r, e);
    return true;
}

size_t api_body_limit(enum http_method m, struct str path)
{
    struct http_req q = { .method = m, .path = path };
    bool other_method = false;
    const struct route *rt = route_find(&q, &other_method);
    return rt == NULL || rt->body_max == 0 ? STRAY_BODY_MAX : rt->body_max;
}
