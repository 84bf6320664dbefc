/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/layout.h"

#include "core/site.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/asset.h"
#include "pages/icons.h"
#include "pages/said.h"
#include "pages/side.h"
#include "pages/when.h"
#include <assert.h>

struct item {
    const char *key;
    const char *href;
    const char *label;
};
/* clang-format off */
static const struct item for_members[] = {
    { "home", "/home", "Home" }, { "explore", "/explore", "Explore" }, { "search", "/search", "Search" }, { "write", "/write", "Write" },
    { "notices", "/notifications", "Notices" }, { "messages", "/conversations", "Messages" }, { "you", "/you", "You" }, { "more", "/more", "More" },
};
static const struct item for_strangers[] = {
    { "local", "/local", "Local" }, { "explore", "/explore", "Explore" }, { "search", "/search", "Search" }, { "about", "/about", "About" },
    { "enter", "/sign-in", "Sign in" }, { "join", "/sign-up", "Sign up" },
};
/* clang-format on */

void layout_icon(struct hw *w, const char *name)
{
    char ref[32] = "#i-";
    size_t n = strlen(name);
    assert(n + 4 < sizeof ref);
    memcpy(ref + 3, name, n);
    hw_open(w, "svg");
    hw_attr(w, "aria-hidden", STR("true"));
    hw_open(w, "use");
    hw_attr(w, "href", (struct str){ ref, n + 3 });
    hw_close(w, "use");
    hw_close(w, "svg");
}

void layout_unseen(struct hw *w, struct str text)
{
    hw_el_class(w, "span", STR("vh"), text);
}

void layout_note(struct visit *v, const char *kind, struct str text)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", arena_strf(v->c->arena, "note %s", kind));
    hw_attr(w, "role", STR("status"));
    hw_el(w, "p", text);
    hw_close(w, "div");
}

void layout_empty(struct visit *v, struct str head, struct str text)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("end"));
    hw_el(w, "strong", head);
    hw_text(w, STR(" "));
    hw_text(w, text);
    hw_close(w, "div");
}

void layout_tab(struct visit *v, struct str path, const char *label, bool here)
{
    struct hw *w = &v->w;
    hw_open(w, "a");
    hw_attr(w, "href", path);
    if (here)
        hw_attr(w, "aria-current", STR("page"));
    hw_text(w, str_c(label));
    hw_close(w, "a");
    hw_text(w, STR(" "));
}

void layout_button(struct visit *v, const char *class_name, struct str href, struct str label)
{
    struct hw *w = &v->w;
    hw_open_class(w, "a", str_c(class_name));
    hw_attr(w, "href", href);
    hw_text(w, label);
    hw_close(w, "a");
    hw_text(w, STR(" "));
}

static void put_meta(struct hw *w, const char *key, const char *name, struct str content)
{
    if (content.n == 0)
        return;
    hw_void(w, "meta");
    hw_attr(w, key, str_c(name));
    hw_attr(w, "content", content);
}

static void put_link(struct hw *w, const char *rel, struct str href, const char *type)
{
    hw_void(w, "link");
    hw_attr(w, "rel", str_c(rel));
    hw_attr(w, "href", href);
    if (type != NULL)
        hw_attr(w, "type", str_c(type));
}

/* OpenGraph (ogp.me) and what search engines read. */
static void put_shared(struct visit *v, const struct sheet *s)
{
    struct hw *w = &v->w;
    const struct site *site = v->c->site;
    if (!s->index)
        put_meta(w, "name", "robots", STR("noindex, noarchive"));
    put_meta(w, "name", "description", s->description);
    if (s->path.n == 0)
        return;
    struct str url = arena_strf(v->c->arena, STR_FMT STR_FMT, STR_ARG(site->base_url), STR_ARG(s->path));
    put_link(w, "canonical", url, NULL);
    put_meta(w, "property", "og:url", url);
    put_meta(w, "property", "og:site_name", site->title);
    put_meta(w, "property", "og:title", s->title);
    put_meta(w, "property", "og:description", s->description);
    put_meta(w, "property", "og:type", s->og_type.n > 0 ? s->og_type : STR("website"));
    put_meta(w, "property", "og:image", s->image);
    put_meta(w, "property", "og:image:alt", s->image_words);
    put_meta(w, "name", "twitter:card", s->image.n > 0 ? STR("summary") : STR(""));
    if (s->atom.n > 0)
        put_link(w, "alternate", s->atom, "application/atom+xml");
    if (s->embeds) {
        struct str asked = http_percent_encode(v->c->arena, url);
        put_link(w, "alternate", arena_strf(v->c->arena, "/api/oembed?url=" STR_FMT, STR_ARG(asked)),
                 "application/json+oembed");
    }
    if (s->ld.n > 0) {
        size_t at = 0;
        assert(!str_find(s->ld, STR("<"), &at)); /* jw.in_script: nothing ends the element early */
        hw_open(w, "script");
        hw_attr(w, "type", STR("application/ld+json"));
        hw_raw(w, s->ld);
        hw_close(w, "script");
    }
}

static void put_head(struct visit *v, const struct sheet *s)
{
    struct hw *w = &v->w;
    hw_open(w, "head");
    hw_void(w, "meta");
    hw_attr(w, "charset", STR("utf-8"));
    put_meta(w, "name", "viewport", STR("width=device-width, initial-scale=1"));
    put_meta(w, "name", "color-scheme", STR("light dark"));
    hw_open(w, "title");
    hw_text(w, s->title);
    if (!str_eq(s->title, v->c->site->title)) {
        hw_text(w, STR(" – "));
        hw_text(w, v->c->site->title);
    }
    hw_close(w, "title");
    put_link(w, "stylesheet", asset_href(v->c->arena, "style.css"), NULL);
    put_link(w, "icon", STR("/favicon.svg"), "image/svg+xml");
    if (v->script != NULL) {
        hw_open(w, "script");
        hw_attr(w, "src", asset_href(v->c->arena, v->script));
        hw_flag(w, "defer", true);
        hw_close(w, "script");
    }
    put_shared(v, s);
    hw_close(w, "head");
}

static void put_item(struct visit *v, const struct item *item, const char *at)
{
    struct hw *w = &v->w;
    bool news =
        (v->has_news && strcmp(item->key, "notices") == 0) || (v->has_talks && strcmp(item->key, "messages") == 0);
    hw_open(w, "a");
    hw_attr(w, "href", str_c(item->href));
    if (strcmp(item->key, "more") == 0 || (strcmp(item->key, "explore") == 0 && v->c->me != NULL))
        hw_attr(w, "class", STR("more")); /* where there is no room, Search leads there */
    if (at != NULL && strcmp(at, item->key) == 0)
        hw_attr(w, "aria-current", STR("page"));
    layout_icon(w, item->key);
    hw_open(w, "span");
    hw_text(w, str_c(item->label));
    if (news) {
        hw_open_class(w, "i", STR("dot"));
        hw_close(w, "i");
        layout_unseen(w, STR(" (new)"));
    }
    hw_close(w, "span");
    hw_close(w, "a");
    hw_text(w, STR(" ")); /* between words where nothing is laid out */
}

static void put_nav(struct visit *v, const char *at)
{
    struct hw *w = &v->w;
    bool member = v->c->me != NULL;
    const struct item *items = member ? for_members : for_strangers;
    size_t n = member ? sizeof for_members / sizeof *for_members : sizeof for_strangers / sizeof *for_strangers;
    hw_open_class(w, "nav", STR("main"));
    hw_attr(w, "aria-label", STR("Main"));
    hw_open_class(w, "a", STR("brand"));
    hw_attr(w, "href", STR("/"));
    layout_icon(w, "brand");
    layout_unseen(w, v->c->site->title);
    hw_close(w, "a");
    hw_text(w, STR(" "));
    for (size_t i = 0; i < n; i++)
        put_item(v, &items[i], at);
    hw_close(w, "nav");
}

static struct str mode_words(const struct site *s)
{
    if (s->disk_full)
        return STR("Read-only for now: the disk is full.");
    switch (s->mode) {
    case MODE_NORMAL: break;
    case MODE_READ_ONLY: return STR("Read-only for now.");
    case MODE_MODERATORS_ONLY: return STR("Read-only for now but for moderators.");
    case MODE_SIGN_UPS_PAUSED: return STR("Sign-ups are paused.");
    }
    return STR("");
}

/* What the moderators did to whoever reads; the reason is theirs to know. */
static void put_own_standing(struct visit *v)
{
    struct hw *w = &v->w;
    const struct account *me = v->c->me;
    if (me == NULL || (me->standing.kind != STANDING_FROZEN && me->standing.kind != STANDING_LIMITED))
        return;
    hw_open_class(w, "div", STR("banner"));
    hw_attr(w, "role", STR("status"));
    hw_open(w, "p");
    hw_el(w, "b",
          me->standing.kind == STANDING_FROZEN ? STR("Your account is frozen: you can read, but not write. ")
                                               : STR("Your account is limited: strangers do not find it in lists. "));
    hw_text(w, me->standing.reason);
    hw_text(w, STR(" The people who run this server hear you out; see "));
    hw_link(w, STR("/about"), STR("whom to write to"));
    hw_text(w, STR("."));
    hw_close(w, "p");
    hw_close(w, "div");
}

static void put_banner(struct visit *v)
{
    struct hw *w = &v->w;
    const struct site *s = v->c->site;
    struct str words = mode_words(s);
    if (words.n == 0)
        return;
    hw_open_class(w, "div", STR("banner"));
    hw_attr(w, "role", STR("status"));
    hw_open(w, "p");
    hw_el(w, "b", words);
    if (s->mode_reason.n > 0) {
        hw_text(w, STR(" "));
        hw_text(w, s->mode_reason);
    }
    if (s->mode_until_ms > v->c->now_ms) {
        hw_text(w, STR(" Expected to end "));
        when_full(v, s->mode_until_ms);
        hw_text(w, STR("."));
    }
    hw_close(w, "p");
    hw_close(w, "div");
}

void layout_begin(struct visit *v, const struct sheet *s)
{
    struct hw *w = &v->w;
    hw_doctype(w);
    hw_open(w, "html");
    hw_attr(w, "lang", STR("en"));
    put_head(v, s);
    hw_open(w, "body");
    hw_open_class(w, "a", STR("skip"));
    hw_attr(w, "href", STR("#main"));
    hw_text(w, STR("Skip to content"));
    hw_close(w, "a");
    hw_raw(w, str_c(icons_sprite));
    hw_open_class(w, "div", s->alone ? STR("app alone") : STR("app"));
    put_nav(v, s->nav);
    hw_open_class(w, "div", STR("col"));
    hw_open_class(w, "header", STR("top"));
    hw_open(w, "h1");
    hw_attr(w, "dir", STR("auto"));
    hw_text(w, s->heading.n > 0 ? s->heading : s->title);
    hw_close(w, "h1");
    if (s->sub.n > 0)
        hw_el(w, "small", s->sub);
    hw_close(w, "header");
    put_banner(v);
    put_own_standing(v);
    hw_open(w, "main");
    hw_attr(w, "id", STR("main"));
    said_put(v);
}

enum err layout_end(struct visit *v, const struct sheet *s)
{
    struct hw *w = &v->w;
    hw_close(w, "main");
    hw_close(w, "div");
    if (!s->alone)
        side_put(v);
    hw_close(w, "div");
    hw_close(w, "body");
    hw_close(w, "html");
    v->r->status = v->r->status == 0 ? 200 : v->r->status;
    v->r->type = STR("text/html; charset=utf-8");
    v->r->body = hw_end(w);
    return OK;
}

/* By its whole address, which changes with its content: nothing else of this server runs, whatever stands in a page. */
static struct str script_policy(struct visit *v)
{
    struct arena *a = v->c->arena;
    if (v->script == NULL)
        return STR("");
    struct str file = asset_href(a, v->script);
    return arena_strf(a, " script-src " STR_FMT STR_FMT ";", STR_ARG(v->c->site->base_url), STR_ARG(file));
}

void layout_headers(struct visit *v)
{
    struct http_res *r = v->r;
    struct str goes = v->form_goes.p == NULL ? STR("") : v->form_goes;
    struct str runs = script_policy(v);
    http_res_header(r, STR("Content-Security-Policy"),
                    arena_strf(v->c->arena,
                               "default-src 'none';" STR_FMT
                               " style-src 'self'; img-src 'self' data:; media-src 'self'; form-action 'self'%s" STR_FMT
                               "; base-uri 'none'; frame-ancestors 'none'",
                               STR_ARG(runs), goes.n > 0 ? " " : "", STR_ARG(goes)));
    http_res_header(r, STR("Referrer-Policy"), STR("same-origin"));
    http_res_header(r, STR("X-Content-Type-Options"), STR("nosniff"));
    http_res_header(r, STR("Cache-Control"), v->secret ? STR("no-store") : STR("private, no-cache"));
    http_res_header(r, STR("Vary"), STR("Cookie, Accept-Encoding"));
}
