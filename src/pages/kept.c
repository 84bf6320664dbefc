/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/kept.h"

#include "core/secret.h"
#include "feed/feed.h"
#include "pages/cookie.h"
#include "pages/pack.h"

#define TARGET_MAX  256 /* bytes of an address whose page is kept */
#define ETAG_DIGITS 32

bool kept_may(const struct visit *v, const struct page_route *rt)
{
    const struct http_req *q = v->q;
    return rt->kept && q->method == HTTP_GET && q->query.n == 0 && q->target.n <= TARGET_MAX
           && cookie_session(v).p == NULL;
}

void kept_begin(struct visit *v)
{
    v->shown = arena_alloc_raw(v->c->arena, sizeof *v->shown);
    feed_shown_begin(v->c, v->shown);
}

void visit_shows(struct visit *v, int64_t id)
{
    if (v->shown != NULL)
        feed_shown_add(v->shown, id);
}

void visit_shows_list(struct visit *v)
{
    if (v->shown != NULL)
        v->shown->lists = true;
}

/* Packed and plain are two pages. */
static struct str key_of(const struct visit *v)
{
    return arena_strf(v->c->arena, "%s" STR_FMT, pack_is_taken(v->q) ? "gzip " : "", STR_ARG(v->q->target));
}

bool kept_tag(struct visit *v)
{
    if (v->shown == NULL || v->r->status != 200 || v->c->me != NULL || v->token.p != NULL || v->form_goes.p != NULL
        || v->secret)
        return false;
    struct str hash = str_head(secret_hash(v->c->arena, v->r->body), ETAG_DIGITS);
    http_res_header(v->r, STR("ETag"), arena_strf(v->c->arena, "W/\"" STR_FMT "\"", STR_ARG(hash)));
    return true;
}

void kept_put(struct visit *v)
{
    struct http_res *r = v->r;
    const struct feed_page p = {
        .key = key_of(v), .etag = http_res_header_of(r, STR("ETag")), .body = r->body, .packed = pack_is_packed(r)
    };
    feed_page_put(v->c->feed, v->shown, &p);
    if (http_is_known(v->q, p.etag)) {
        r->status = 304;
        r->body = (struct str){ 0 };
    }
}

bool kept_find(struct visit *v)
{
    struct feed_page p = { 0 };
    struct http_res *r = v->r;
    if (!feed_page_find(v->c, key_of(v), http_header(v->q, "If-None-Match"), &p))
        return false;
    r->status = p.body.p == NULL ? 304 : 200;
    r->type = STR("text/html; charset=utf-8");
    r->body = p.body;
    http_res_header(r, STR("ETag"), p.etag);
    if (p.packed)
        pack_say(r);
    return true;
}
