/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "core/account.h"
#include "core/address.h"
#include "core/render.h"
#include "core/status.h"
#include "core/tag.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/routes.h"

/* Atom feeds (RFC 4287) of a member and of a tag: the newest public parleys, for anybody. */
#define ATOM_ROWS 20

static void put_link(struct hw *w, const char *rel, const char *type, struct str href)
{
    hw_void(w, "link");
    hw_attr(w, "rel", str_c(rel));
    hw_attr(w, "type", str_c(type));
    hw_attr(w, "href", href);
}

static void put_entry(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    const struct status *s = p->status;
    struct str url = address_status(v->c, p->author->username, s->id);
    struct str html = render_status_html(v->c, s->text, s->mentions);
    hw_open(w, "entry");
    hw_el(w, "id", address_status_uri(v->c, p->author->username, s->id));
    hw_el(w, "title",
          s->spoiler.n > 0 ? s->spoiler
                           : arena_strf(v->c->arena, "@" STR_FMT ", " STR_FMT, STR_ARG(p->author->username),
                                        STR_ARG(clock_date(v->c->arena, s->created_ms))));
    hw_el(w, "published", clock_iso(v->c->arena, s->created_ms));
    hw_el(w, "updated", clock_iso(v->c->arena, s->edited_ms != 0 ? s->edited_ms : s->created_ms));
    hw_open(w, "author");
    hw_el(w, "name", account_name(p->author));
    hw_el(w, "uri", address_account(v->c, p->author->username));
    hw_close(w, "author");
    put_link(w, "alternate", "text/html", url);
    hw_open(w, "content");
    hw_attr(w, "type", STR("html"));
    if (s->language.n > 0)
        hw_attr(w, "xml:lang", s->language);
    hw_text(w, html);
    hw_close(w, "content");
    hw_close(w, "entry");
}

/* A reader who is signed in gets what everybody gets: a feed is copied on. */
static enum err give(struct visit *v, struct str title, struct str path, struct status *const *rows, int64_t n)
{
    struct hw *w = &v->w;
    struct view *views = ARENA_ARRAY(v->c->arena, (size_t)n + 1, struct view);
    int64_t updated = 0;
    TRY(view_load(v->c, rows, n, views));
    for (int64_t i = 0; i < n; i++)
        if (views[i].status != NULL && views[i].status->created_ms > updated)
            updated = views[i].status->created_ms;
    struct str page = arena_strf(v->c->arena, STR_FMT STR_FMT, STR_ARG(v->c->site->base_url), STR_ARG(path));
    *w = hw_xml_on(v->c->arena);
    hw_doctype(w);
    hw_open(w, "feed");
    hw_attr(w, "xmlns", STR("http://www.w3.org/2005/Atom"));
    hw_el(w, "id", page);
    hw_el(w, "title", title);
    hw_el(w, "updated", clock_iso(v->c->arena, updated));
    put_link(w, "self", "application/atom+xml", arena_strf(v->c->arena, STR_FMT ".atom", STR_ARG(page)));
    put_link(w, "alternate", "text/html", page);
    for (int64_t i = 0; i < n; i++)
        if (views[i].status != NULL && views[i].echoer == NULL && views[i].status->visibility <= VIS_UNLISTED)
            put_entry(v, &views[i]);
    hw_close(w, "feed");
    v->r->status = 200;
    v->r->type = STR("application/atom+xml; charset=utf-8");
    v->r->body = hw_end(w);
    http_res_header(v->r, STR("Cache-Control"), STR("public, max-age=60"));
    http_res_header(v->r, STR("X-Content-Type-Options"), STR("nosniff"));
    http_res_header(v->r, STR("Vary"), STR("Accept-Encoding"));
    return OK;
}

enum err page_profile_atom(struct visit *v)
{
    struct account *a = NULL;
    struct status_page found = { 0 };
    const struct page p = { .limit = ATOM_ROWS };
    v->c->me = NULL;
    TRY(account_lookup(v->c, v->q->args[0], &a));
    TRY(status_of_author(v->c,
                         &(struct author_page){ .account_id = a->id, .exclude_replies = true, .exclude_reblogs = true },
                         &p, &found));
    return give(v, arena_strf(v->c->arena, STR_FMT " (@" STR_FMT ")", STR_ARG(account_name(a)), STR_ARG(a->username)),
                arena_strf(v->c->arena, "/@" STR_FMT, STR_ARG(a->username)), found.rows, found.n);
}

enum err page_tag_atom(struct visit *v)
{
    struct tag_info tag = { 0 };
    struct status_page found = { 0 };
    const struct page p = { .limit = ATOM_ROWS };
    v->c->me = NULL;
    TRY(tag_find(v->c, v->q->args[0], &tag));
    TRY(tag_timeline(v->c, &(struct tag_query){ .name = tag.name }, &p, &found));
    return give(v, arena_strf(v->c->arena, "#" STR_FMT, STR_ARG(tag.name)),
                arena_strf(v->c->arena, "/tags/" STR_FMT, STR_ARG(http_percent_encode(v->c->arena, tag.name))),
                found.rows, found.n);
}
