/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"
#include "core/limit.h"
#include "core/secret.h"
#include "core/site.h"
#include "feed/feed.h"
#include "model/account.h"
#include "model/session.h"
#include "model/site.h"
#include "pages/cookie.h"
#include "pages/error.h"
#include "pages/form.h"
#include "pages/kept.h"
#include "pages/layout.h"
#include "pages/news.h"
#include "pages/pack.h"
#include "pages/pages.h"
#include "pages/visit.h"

/* Who comes: by cookie, and only by one of the pages: a token that an app holds never opens them. An old cookie is no
   failure: its owner is a stranger until they sign in again. */
static enum err identify(struct visit *v)
{
    struct ctx *c = v->c;
    struct session *s = NULL;
    struct account *me = NULL;
    struct str secret = cookie_session(v);
    v->bound_to = cookie_form(v);
    if (secret.p == NULL)
        return OK;
    enum err e = feed_session(c, secret_hash(c->arena, secret), &s, &me);
    if (e != OK && e != ERR_UNAUTHENTICATED)
        return e;
    c->says = (struct str){ 0 };
    if (e != OK || me == NULL || s->app_id != 0 || me->standing.kind == STANDING_SUSPENDED)
        return OK;
    c->session = s;
    c->me = me;
    v->bound_to = s->hash;
    return OK;
}

static enum err limit(struct visit *v, const struct page_route *rt)
{
    struct ctx *c = v->c;
    struct limit_left left = { 0 };
    bool ok = false;
    if (c->session != NULL)
        ok = limiter_take(c->limiter, LIMIT_API, c->session->hash, c->now_ms, &left);
    else
        ok = limiter_take(c->limiter, LIMIT_API_ADDRESS, limiter_address(c->arena, c->ip), c->now_ms, &left)
             && limiter_take(c->limiter, LIMIT_API_PREFIX, limiter_prefix(c->arena, c->ip), c->now_ms, &left);
    if (ok && rt->limit != LIMIT_API) {
        struct str key = c->me != NULL ? id_text(c->arena, c->me->id) : limiter_address(c->arena, c->ip);
        ok = limiter_take(c->limiter, rt->limit, key, c->now_ms, &left);
    }
    if (ok)
        return OK;
    c->retry_after_s = left.retry_after_s;
    return fail(c, ERR_TOO_MANY, "That was a lot in a short time.");
}

/* Whoever must sign in first comes back to where they wanted to go. */
static enum err send_to_sign_in(struct visit *v)
{
    struct str next = v->q->method == HTTP_POST ? visit_param(v, "back") : v->q->target;
    struct str to = STR("/sign-in");
    if (visit_is_local(next))
        to = arena_strf(v->c->arena, "/sign-in?next=" STR_FMT, STR_ARG(http_percent_encode(v->c->arena, next)));
    return visit_go(v, to);
}

/* *done: the answer is made already. */
static enum err check_who(struct visit *v, const struct page_route *rt, bool *done)
{
    struct ctx *c = v->c;
    if (rt->who == PAGE_ANYONE)
        return OK;
    *done = c->me == NULL || (rt->who != PAGE_SIGNED_IN && !c->me->active);
    if (c->me == NULL)
        return send_to_sign_in(v);
    if (*done)
        return visit_go(v, STR("/waiting"));
    if (rt->who == PAGE_WRITER && c->me->standing.kind == STANDING_FROZEN)
        return fail(c, ERR_FORBIDDEN, "Your account is frozen while it is looked into: you can read, but not write.");
    if (rt->who == PAGE_WRITER)
        return site_allows_write(c);
    /* what is not for a member is not there for them */
    if (rt->who == PAGE_OWNER && c->me->role < ROLE_OWNER)
        return fail(c, ERR_NOT_FOUND, "There is nothing at this address.");
    if (rt->who == PAGE_ADMIN && c->me->role < ROLE_ADMIN)
        return fail(c, ERR_NOT_FOUND, "There is nothing at this address.");
    if (rt->who == PAGE_MODERATOR && c->me->role < ROLE_MODERATOR)
        return fail(c, ERR_NOT_FOUND, "There is nothing at this address.");
    return rt->who == PAGE_MODERATOR && v->q->method == HTTP_POST ? site_allows_write(c) : OK;
}

/* *done: the answer is made already. */
static enum err enter(struct visit *v, const struct page_route *rt, bool *done)
{
    struct limit_left left = { 0 };
    TRY(identify(v));
    if (v->c->me == NULL && limit_missed(v->c, &left)) {
        v->c->retry_after_s = left.retry_after_s;
        return fail(v->c, ERR_TOO_MANY, "You asked for many things that are not there.");
    }
    TRY(limit(v, rt));
    return check_who(v, rt, done);
}

static enum err run(struct visit *v, const struct page_route *rt)
{
    bool done = false;
    TRY(enter(v, rt, &done));
    if (done)
        return OK;
    if (rt->form && !form_token_ok(v))
        return fail(v->c, ERR_FORBIDDEN,
                    "This form is too old, or your browser did not send its cookie. Go back, load "
                    "the page again and send it once more. What you typed is still there.");
    if (v->c->me != NULL && v->q->method == HTTP_GET) {
        v->has_news = news_waiting(v->c);
        v->has_talks = talks_waiting(v->c);
    }
    enum err e = rt->run(v);
    for (int tries = 1; e == ERR_AGAIN && tries < RACES_MAX; tries++) {
        v->w = hw_on(v->c->arena);
        v->r->status = 0;
        v->r->headers = NULL;
        e = rt->run(v);
    }
    return e;
}

static void answer(struct visit *v)
{
    struct http_req *q = ARENA_NEW(v->c->arena, struct http_req);
    *q = *v->q;
    const struct page_route *rt = page_route_find(q);
    v->q = q;
    enum err e = ERR_NOT_FOUND;
    if (rt == NULL) {
        (void)identify(v); /* so that the page keeps its navigation; a failure shows the one of strangers */
    } else {
        v->r->route = rt->path;
        if (kept_may(v, rt))
            kept_begin(v);
        e = run(v, rt);
    }
    if (e == ERR_NOT_FOUND && rt != NULL && v->c->me == NULL) /* browsers ask for icons, members for what was deleted */
        limit_miss(v->c);
    if (e != OK)
        error_page(v, http_status_of(e));
}

void pages_dispatch(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct visit v = { .c = c, .q = q, .r = r, .w = hw_on(c->arena) };
    answer(&v);
    if (str_starts(r->type, STR("text/html")) || r->status / 100 == 3)
        layout_headers(&v);
    bool keep = kept_tag(&v);
    if (str_starts(r->type, STR("text/html")) || str_starts(r->type, STR("application/atom")))
        pack(&v);
    if (keep)
        kept_put(&v);
    http_res_header(r, STR("X-Request-Id"), c->id);
}

/* Counted only when answered here. Who asks for too much is told so by a worker. */
static bool answer_kept(struct visit *v, const struct page_route *rt)
{
    if (!kept_may(v, rt) || limit_missed(v->c, NULL) || !kept_find(v) || limit(v, rt) != OK)
        return false;
    layout_headers(v);
    http_res_header(v->r, STR("X-Request-Id"), v->c->id);
    return true;
}

/* Files of the program need neither a session nor the store. */
bool pages_from_memory(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct http_req own = *q;
    const struct page_route *rt = page_route_find(&own);
    struct visit v = { .c = c, .q = &own, .r = r };
    bool done = rt != NULL && ((rt->in_memory && rt->run(&v) == OK) || answer_kept(&v, rt));
    if (!done)
        *r = (struct http_res){ .arena = r->arena };
    else
        r->route = rt->path;
    return done;
}

size_t pages_body_limit(enum http_method m, struct str path)
{
    struct http_req q = { .method = m, .path = path };
    const struct page_route *rt = page_route_find(&q);
    return rt == NULL ? 0 : rt->body_max;
}

/* All that the row asks for but the form's token, which is in the body; it is asked again, and counts twice. */
bool pages_admit(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct http_req own = *q;
    const struct page_route *rt = page_route_find(&own);
    struct visit v = { .c = c, .q = &own, .r = r, .w = hw_on(c->arena) };
    bool done = false;
    r->route = rt->path;
    enum err e = enter(&v, rt, &done);
    if (e == OK && !done)
        return true;
    if (e != OK)
        error_page(&v, http_status_of(e));
    layout_headers(&v);
    http_res_header(r, STR("X-Request-Id"), c->id);
    return false;
}

void pages_refuse(struct ctx *c, int status, struct http_res *r)
{
    static const struct http_req nothing = { .method = HTTP_GET };
    struct visit v = { .c = c, .q = &nothing, .r = r, .w = hw_on(c->arena) };
    if (status == 429)
        c->says = STR("Another file of yours, or several from your address, are still on their way.");
    error_page(&v, status);
    layout_headers(&v);
    http_res_header(r, STR("X-Request-Id"), c->id);
}
