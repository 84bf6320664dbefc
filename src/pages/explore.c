/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/explore.h"

#include "core/address.h"
#include "core/suggest.h"
#include "core/trend.h"
#include "model/site.h"
#include "pages/article.h"
#include "pages/layout.h"
#include "pages/pager.h"
#include "pages/people.h"
#include "pages/routes.h"

/* What many members talk about, for everybody. */
#define OFFSET_MAX 10000
#define SUGGESTED  5

static void put_tabs(struct visit *v, const char *at)
{
    static const struct {
        const char *path, *label;
    } tabs[] = { { "/explore", "Parleys" },
                 { "/explore/tags", "Tags" },
                 { "/explore/links", "Links" },
                 { "/explore/people", "People" } };
    hw_open_class(&v->w, "nav", STR("tabs"));
    hw_attr(&v->w, "aria-label", STR("Explore"));
    for (size_t i = 0; i < sizeof tabs / sizeof tabs[0]; i++)
        layout_tab(v, str_c(tabs[i].path), tabs[i].label, strcmp(at, tabs[i].path) == 0);
    hw_close(&v->w, "nav");
}

static void begin(struct visit *v, const struct sheet *s)
{
    layout_begin(v, s);
    put_tabs(v, arena_cstr(v->c->arena, s->path));
}

static struct sheet sheet_of(struct visit *v, struct str path)
{
    return (struct sheet){ .title = STR("Explore"),
                           .sub = STR("What many talk about"),
                           .nav = "explore",
                           .index = true,
                           .path = path,
                           .description = v->c->site->description };
}

static struct page page_asked(const struct visit *v)
{
    struct page p = { .limit = PAGE_ROWS };
    if (!http_i64(v->q, "offset", 0, OFFSET_MAX, false, &p.offset))
        p.offset = 0;
    return p;
}

static void put_turn(struct visit *v, struct str path, int64_t offset, const char *rel, const char *label)
{
    struct hw *w = &v->w;
    size_t at = 0;
    bool has_more = str_find(path, STR("?"), &at);
    hw_open_class(w, "a", STR("btn"));
    hw_attr(w, "rel", str_c(rel));
    hw_attr(w, "href",
            offset == 0 ? path
                        : arena_strf(v->c->arena, STR_FMT "%soffset=%lld", STR_ARG(path), has_more ? "&" : "?",
                                     (long long)offset));
    hw_text(w, str_c(label));
    hw_close(w, "a");
}

static void put_pager(struct visit *v, struct str path, const struct page *p, bool more)
{
    if (p->offset == 0 && !more)
        return;
    hw_open_class(&v->w, "nav", STR("pager"));
    hw_attr(&v->w, "aria-label", STR("Pages"));
    if (p->offset > 0)
        put_turn(v, path, p->offset > p->limit ? p->offset - p->limit : 0, "prev", "Back");
    if (more)
        put_turn(v, path, p->offset + p->limit, "next", "More");
    hw_close(&v->w, "nav");
}

static const char *plural(int64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

void explore_put_counts(struct visit *v, const struct trend_day *days)
{
    int64_t week = 0;
    bool is_new_day = days[0].people == 0 && days[1].people > 0;
    int64_t people = days[is_new_day ? 1 : 0].people;
    for (int i = 0; i < TREND_DAYS; i++)
        week += days[i].uses;
    hw_el_class(&v->w, "span", STR("small muted"),
                arena_strf(v->c->arena, "%lld %s %s · %lld %s this week", (long long)people,
                           plural(people, "person", "people"), is_new_day ? "yesterday" : "today", (long long)week,
                           plural(week, "parley", "parleys")));
}

static void put_nothing(struct visit *v, const struct page *p)
{
    if (v->c->site->trends == TRENDS_OFF)
        layout_empty(v, STR("Not shown here"), STR("The people who run this server show no trends."));
    else if (p->offset == 0)
        layout_empty(v, STR("Nothing yet"), STR("What several people take up on one day stands here."));
}

enum err page_explore(struct visit *v)
{
    const struct sheet s = sheet_of(v, STR("/explore"));
    struct page p = page_asked(v);
    struct status **found = NULL;
    int64_t n = 0;
    bool more = false;
    TRY(trend_statuses(v->c, &p, &found, &n, &more));
    struct view *rows = ARENA_ARRAY(v->c->arena, (size_t)n + 1, struct view);
    TRY(view_load(v->c, found, n, rows));
    TRY(view_filter(v->c, FILTER_PUBLIC, rows, n));
    begin(v, &s);
    article_list(v, rows, n);
    if (n == 0 && !more)
        put_nothing(v, &p);
    put_pager(v, s.path, &p, more);
    return layout_end(v, &s);
}

static void put_tag(struct visit *v, const struct tag_info *t)
{
    struct hw *w = &v->w;
    struct trend_day days[TREND_DAYS];
    for (int i = 0; i < TREND_DAYS; i++)
        days[i] = (struct trend_day){ t->days[i].uses, t->days[i].accounts };
    hw_open(w, "li");
    hw_open(w, "a");
    hw_attr(w, "href", visit_relative(v, address_tag(v->c, t->name)));
    hw_attr(w, "dir", STR("auto"));
    hw_el(w, "b", arena_strf(v->c->arena, "#" STR_FMT, STR_ARG(t->name)));
    hw_close(w, "a");
    hw_void(w, "br");
    explore_put_counts(v, days);
    hw_close(w, "li");
}

enum err page_explore_tags(struct visit *v)
{
    const struct sheet s = sheet_of(v, STR("/explore/tags"));
    struct page p = page_asked(v);
    struct tag_info *tags = NULL;
    int64_t n = 0;
    bool more = false;
    TRY(trend_tags(v->c, &p, &tags, &n, &more));
    begin(v, &s);
    hw_open_class(&v->w, "ul", STR("card-list"));
    for (int64_t i = 0; i < n; i++)
        put_tag(v, &tags[i]);
    hw_close(&v->w, "ul");
    if (n == 0 && !more)
        put_nothing(v, &p);
    put_pager(v, s.path, &p, more);
    return layout_end(v, &s);
}

static struct str said_path(struct visit *v, struct str url)
{
    return arena_strf(v->c->arena, "/explore/link?url=" STR_FMT, STR_ARG(http_percent_encode(v->c->arena, url)));
}

static void put_link(struct visit *v, const struct trend_link *l)
{
    struct hw *w = &v->w;
    hw_open(w, "li");
    article_card(v, &l->card, true);
    explore_put_counts(v, l->days);
    hw_text(w, STR(" · "));
    hw_link(w, said_path(v, l->url), STR("What is said about it"));
    hw_close(w, "li");
}

enum err page_explore_links(struct visit *v)
{
    const struct sheet s = sheet_of(v, STR("/explore/links"));
    struct page p = page_asked(v);
    struct trend_link *links = NULL;
    int64_t n = 0;
    bool more = false;
    TRY(trend_links(v->c, &p, &links, &n, &more));
    begin(v, &s);
    hw_open_class(&v->w, "ul", STR("card-list"));
    for (int64_t i = 0; i < n; i++)
        put_link(v, &links[i]);
    hw_close(&v->w, "ul");
    if (n == 0 && !more)
        put_nothing(v, &p);
    put_pager(v, s.path, &p, more);
    return layout_end(v, &s);
}

enum err page_explore_link(struct visit *v)
{
    struct page p = pager_read(v);
    struct status_page found = { 0 };
    struct str url = visit_param(v, "url");
    const struct sheet s = { .title = STR("About a link"), .sub = url, .nav = "explore" };
    TRY(trend_link_timeline(v->c, url, &p, &found));
    struct view *rows = ARENA_ARRAY(v->c->arena, (size_t)found.n + 1, struct view);
    TRY(view_load(v->c, found.rows, found.n, rows));
    TRY(view_filter(v->c, FILTER_PUBLIC, rows, found.n));
    layout_begin(v, &s);
    article_list(v, rows, found.n);
    pager_put(v, said_path(v, url), &p, found.more ? p.limit : 0, found.first, found.last);
    return layout_end(v, &s);
}

enum err explore_put_suggestions(struct visit *v, int64_t max)
{
    struct suggestion *found = NULL;
    struct people who = { 0 };
    int64_t n = 0;
    if (v->c->me == NULL)
        return OK;
    TRY(suggest(v->c, max, &found, &n));
    if (n == 0)
        return OK;
    int64_t *ids = ARENA_ARRAY(v->c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = found[i].id;
    TRY(people_load(v->c, ids, n, &who));
    hw_open(&v->w, "section");
    hw_el_class(&v->w, "h2", STR("pad"), STR("Perhaps for you"));
    people_put(v, &who, PEOPLE_SUGGESTED);
    hw_close(&v->w, "section");
    return OK;
}

static void put_orders(struct visit *v, bool by_age)
{
    hw_open_class(&v->w, "nav", STR("tabs"));
    hw_attr(&v->w, "aria-label", STR("Directory"));
    layout_tab(v, STR("/explore/people"), "Wrote lately", !by_age);
    layout_tab(v, STR("/explore/people?order=new"), "New here", by_age);
    hw_close(&v->w, "nav");
}

enum err page_explore_people(struct visit *v)
{
    const struct sheet s = sheet_of(v, STR("/explore/people"));
    bool by_age = str_eq(visit_param(v, "order"), STR("new"));
    struct page p = page_asked(v);
    struct people who = { 0 };
    int64_t *ids = NULL;
    int64_t n = 0;
    bool more = false;
    TRY(directory(v->c, by_age ? DIRECTORY_NEW : DIRECTORY_ACTIVE, &p, &ids, &n, &more));
    TRY(people_load(v->c, ids, n, &who));
    begin(v, &s);
    if (p.offset == 0 && !by_age)
        TRY(explore_put_suggestions(v, SUGGESTED));
    put_orders(v, by_age);
    people_put(v, &who, PEOPLE_FOLLOW);
    if (n == 0 && !more)
        layout_empty(v, STR("Nobody yet"), STR("Who lets themselves be found in their settings stands here."));
    put_pager(v, by_age ? STR("/explore/people?order=new") : s.path, &p, more);
    return layout_end(v, &s);
}
