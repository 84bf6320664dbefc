/* SPDX-License-Identifier: Apache-2.0 */
#include "core/search.h"

#include "core/address.h"
#include "pages/article.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/people.h"
#include "pages/routes.h"

/* One box for people, tags and parleys. */
#define PEOPLE_ROWS 5 /* while everything is looked for */

static void put_box(struct visit *v, struct str q, struct str type)
{
    struct hw *w = &v->w;
    hw_open_class(w, "form", STR("find"));
    hw_attr(w, "action", STR("/search"));
    hw_attr(w, "role", STR("search"));
    hw_open(w, "label");
    hw_attr(w, "class", STR("vh"));
    hw_attr(w, "for", STR("f-q"));
    hw_text(w, STR("Look for"));
    hw_close(w, "label");
    hw_void(w, "input");
    hw_attr(w, "id", STR("f-q"));
    hw_attr(w, "type", STR("search"));
    hw_attr(w, "name", STR("q"));
    hw_attr(w, "value", q);
    hw_attr(w, "dir", STR("auto"));
    hw_attr(w, "placeholder", STR("People, #tags, words"));
    if (type.n > 0) {
        hw_void(w, "input");
        hw_attr(w, "type", STR("hidden"));
        hw_attr(w, "name", STR("type"));
        hw_attr(w, "value", type);
    }
    hw_open_class(w, "button", STR("btn p"));
    hw_text(w, STR("Search"));
    hw_close(w, "button");
    hw_close(w, "form");
}

/* core/search_query.h */
static const struct {
    const char *word;
    const char *what;
} operators[] = {
    { "\"two words\"", "as they stand" },
    { "-word", "without it; a minus in front of from:, has:, is: and language:, too" },
    { "from:me  from:@anna", "written by them" },
    { "before:2026-08-01  after:  during:", "by day (UTC)" },
    { "has:media", "also poll, link, quote, embed (a link or a quote)" },
    { "is:reply", "also sensitive" },
    { "language:en", "written in it" },
    { "in:library", "yours, what names you, what you liked, echoed or saved; in:public what anybody may find" },
};

static void put_help(struct visit *v, bool open)
{
    struct hw *w = &v->w;
    hw_open_class(w, "details", STR("desk"));
    if (open)
        hw_attr(w, "open", STR(""));
    hw_open(w, "summary");
    hw_text(w, STR("Narrow a search for parleys"));
    hw_close(w, "summary");
    hw_open_class(w, "dl", STR("fields"));
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        hw_open(w, "div");
        hw_open(w, "dt");
        hw_text(w, str_c(operators[i].word));
        hw_close(w, "dt");
        hw_open(w, "dd");
        hw_text(w, str_c(operators[i].what));
        hw_close(w, "dd");
        hw_close(w, "div");
    }
    hw_close(w, "dl");
    hw_close(w, "details");
}

static const struct {
    const char *word;
    const char *label;
    enum search_type type;
} kinds[] = { { "", "All", SEARCH_ALL },
              { "accounts", "People", SEARCH_ACCOUNTS_ONLY },
              { "statuses", "Parleys", SEARCH_STATUSES_ONLY },
              { "hashtags", "Tags", SEARCH_TAGS_ONLY } };
#define KINDS (sizeof kinds / sizeof kinds[0])

static enum search_type kind_of(struct str word)
{
    for (size_t i = 0; i < KINDS; i++)
        if (str_eq(word, str_c(kinds[i].word)))
            return kinds[i].type;
    return SEARCH_ALL;
}

static struct str path_of(struct visit *v, struct str q, const char *type)
{
    return arena_strf(v->c->arena, "/search?q=" STR_FMT "%s%s", STR_ARG(http_percent_encode(v->c->arena, q)),
                      *type == '\0' ? "" : "&type=", type);
}

static void put_tabs(struct visit *v, struct str q, enum search_type at)
{
    struct hw *w = &v->w;
    hw_open_class(w, "nav", STR("tabs"));
    hw_attr(w, "aria-label", STR("What to look for"));
    for (size_t i = 0; i < KINDS; i++)
        layout_tab(v, path_of(v, q, kinds[i].word), kinds[i].label, kinds[i].type == at);
    hw_close(w, "nav");
}

static void put_tags(struct visit *v, const struct search_found *f)
{
    struct hw *w = &v->w;
    if (f->tags_n == 0)
        return;
    hw_open_class(w, "ul", STR("menu-list"));
    for (int64_t i = 0; i < f->tags_n; i++) {
        hw_open(w, "li");
        hw_link(w, visit_relative(v, address_tag(v->c, f->tags[i].name)),
                arena_strf(v->c->arena, "#" STR_FMT, STR_ARG(f->tags[i].name)));
        hw_close(w, "li");
    }
    hw_close(w, "ul");
}

/* What cannot be understood is said above how it is written. */
static enum err show_wrong(struct visit *v, struct str q, const struct sheet *s)
{
    layout_begin(v, s);
    put_box(v, q, visit_param(v, "type"));
    layout_empty(v, STR("That is not understood"), v->c->says);
    put_help(v, true);
    return layout_end(v, s);
}

/* Parleys go on by their ids, people and tags are ranked: the first page is all. */
static enum err show_found(struct visit *v, struct str q, enum search_type type)
{
    struct search_found f = { 0 };
    struct people who = { 0 };
    struct search_ask ask = { .q = q,
                              .type = type,
                              .resolve = v->c->me != NULL,
                              .newest_first = type == SEARCH_STATUSES_ONLY,
                              .page = pager_read(v) };
    const struct sheet s = { .title = arena_strf(v->c->arena, "Search: " STR_FMT, STR_ARG(q)),
                             .heading = STR("Search"),
                             .nav = "search" };
    enum err e = search(v->c, &ask, &f);
    if (e == ERR_INVALID || (e == ERR_UNAUTHENTICATED && v->c->me == NULL))
        return show_wrong(v, q, &s);
    TRY(e);
    int64_t people_n = type == SEARCH_ALL && f.accounts_n > PEOPLE_ROWS ? PEOPLE_ROWS : f.accounts_n;
    struct view *rows = ARENA_ARRAY(v->c->arena, (size_t)f.statuses_n + 1, struct view);
    TRY(people_load(v->c, f.accounts, people_n, &who));
    TRY(view_load_ids(v->c, f.statuses, f.statuses_n, rows));
    layout_begin(v, &s);
    put_box(v, q, visit_param(v, "type"));
    put_tabs(v, q, type);
    if (type == SEARCH_STATUSES_ONLY)
        put_help(v, false);
    people_put(v, &who, PEOPLE_FOLLOW);
    put_tags(v, &f);
    article_list(v, rows, f.statuses_n);
    if (f.accounts_n + f.statuses_n + f.tags_n == 0)
        layout_empty(v, STR("Nothing found"),
                     STR("Search finds what its author lets be found, what names you, and what you marked."));
    if (type == SEARCH_STATUSES_ONLY)
        pager_put(v, path_of(v, q, "statuses"), &ask.page, f.statuses_n, f.statuses_n > 0 ? f.statuses[0] : 0,
                  f.statuses_n > 0 ? f.statuses[f.statuses_n - 1] : 0);
    return layout_end(v, &s);
}

enum err page_search(struct visit *v)
{
    const struct sheet s = { .title = STR("Search"), .nav = "search" };
    struct str q = str_trim(visit_param(v, "q"));
    if (q.n > 0)
        return show_found(v, q, kind_of(visit_param(v, "type")));
    layout_begin(v, &s);
    put_box(v, q, STR(""));
    hw_open_class(&v->w, "ul", STR("menu-list"));
    hw_open(&v->w, "li");
    hw_link(&v->w, STR("/explore"), STR("Explore: what many talk about"));
    hw_close(&v->w, "li");
    hw_close(&v->w, "ul");
    layout_empty(v, STR("What are you looking for?"), STR("A name, a #tag, or words that somebody wrote."));
    put_help(v, false);
    return layout_end(v, &s);
}
