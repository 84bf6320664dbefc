/* SPDX-License-Identifier: Apache-2.0 */
#include "core/timeline.h"
#include "core/interact.h"
#include "core/list.h"
#include "core/session.h"
#include "core/tag_mark.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/announcements.h"
#include "pages/article.h"
#include "pages/compose.h"
#include "pages/explore.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/lists.h"
#include "pages/pager.h"
#include "pages/routes.h"

#define SUGGESTED 5 /* people, on an empty home */

/* Lists of parleys: home, local, a tag, bookmarks, favourites. */

struct rows {
    struct str path;
    int64_t n; /* asked for and found, with what was left out afterwards */
    int64_t first;
    int64_t last;
    bool more; /* it goes on behind them */
    struct view *rows;
};

static void put_list(struct visit *v, const struct rows *l, const struct page *p, struct str empty_head,
                     struct str empty_text)
{
    bool inside = p->max_id != 0 || p->min_id != 0;
    article_list(v, l->rows, l->n);
    if (l->n == 0 && !inside && !l->more)
        layout_empty(v, empty_head, empty_text);
    else if (!l->more && p->min_id == 0)
        layout_empty(v, STR("You are up to date"), STR("That is everything there is."));
    pager_put(v, l->path, p, l->more ? p->limit : 0, l->first, l->last);
}

static enum err from_timeline(struct ctx *c, const struct timeline_ask *ask, struct rows *out)
{
    struct timeline t = { 0 };
    TRY(timeline_read(c, ask, &t));
    out->n = t.n;
    out->rows = ARENA_ARRAY(c->arena, (size_t)t.n + 1, struct view);
    out->first = t.first;
    out->last = t.last;
    out->more = t.more;
    TRY(view_load_ids(c, t.ids, t.n, out->rows));
    return view_filter(c, t.where, out->rows, t.n);
}

static enum err from_page(struct ctx *c, enum filter_context where, const struct status_page *s, struct rows *out)
{
    out->n = s->n;
    out->rows = ARENA_ARRAY(c->arena, (size_t)s->n + 1, struct view);
    out->first = s->first;
    out->last = s->last;
    out->more = s->more;
    TRY(view_load(c, s->rows, s->n, out->rows));
    return view_filter(c, where, out->rows, s->n);
}

enum err page_home(struct visit *v)
{
    const struct sheet s = { .title = STR("Home"), .sub = STR("Following · newest first"), .nav = "home" };
    struct page p = pager_read(v);
    struct rows l = { .path = STR("/home") };
    if (session_seen(v->c) != OK) /* a note of the day; a read-only server shows home as well */
        v->c->says = (struct str){ 0 };
    TRY(from_timeline(v->c, &(struct timeline_ask){ .kind = TIMELINE_HOME, .page = p }, &l));
    layout_begin(v, &s);
    if (p.max_id == 0 && p.min_id == 0) {
        TRY(announcements_put(v));
        compose_box(v);
    }
    put_list(v, &l, &p, STR("Quiet here"),
             STR("Follow some people: look at Local, or search. What they write stands here."));
    if (l.n == 0 && p.max_id == 0 && p.min_id == 0)
        TRY(explore_put_suggestions(v, SUGGESTED));
    return layout_end(v, &s);
}

enum err page_local(struct visit *v)
{
    const struct sheet s = { .title = STR("Local"),
                             .sub = STR("What members say in public"),
                             .nav = v->c->me == NULL ? "local" : "more",
                             .index = true,
                             .path = STR("/local"),
                             .description = v->c->site->description };
    struct page p = pager_read(v);
    struct rows l = { .path = STR("/local") };
    TRY(from_timeline(v->c, &(struct timeline_ask){ .kind = TIMELINE_LOCAL, .page = p }, &l));
    visit_shows_list(v);
    layout_begin(v, &s);
    put_list(v, &l, &p, STR("Nothing yet"), STR("Be the first to say something."));
    return layout_end(v, &s);
}

enum err page_list(struct visit *v)
{
    struct list *list = NULL;
    struct page p = pager_read(v);
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(list_get(v->c, id, &list));
    struct rows l = { .path = arena_strf(v->c->arena, "/lists/%lld", (long long)id) };
    const struct sheet s = { .title = list->title, .sub = STR("List"), .nav = "more" };
    TRY(from_timeline(v->c, &(struct timeline_ask){ .kind = TIMELINE_LIST, .list_id = id, .page = p }, &l));
    layout_begin(v, &s);
    list_tabs(v, id, "");
    put_list(v, &l, &p, STR("Nothing yet"), STR("Put people whom you follow on it, on their page under More."));
    return layout_end(v, &s);
}

static void put_tag_button(struct visit *v, const struct tag_info *t)
{
    struct str name = http_percent_encode(v->c->arena, t->name);
    if (v->c->me == NULL)
        return;
    form_open(v, arena_strf(v->c->arena, "/tags/" STR_FMT "/do", STR_ARG(name)), STR("pad row"));
    form_hidden(v, "back", visit_here(v));
    form_button(v, t->following ? STR("btn") : STR("btn p"), "do", t->following ? STR("unfollow") : STR("follow"),
                t->following ? STR("Unfollow this tag") : STR("Follow this tag"));
    form_button(v, STR("btn"), "do", t->featuring ? STR("unfeature") : STR("feature"),
                t->featuring ? STR("Take it off my page") : STR("Show it on my page"));
    form_close(v);
}

enum err page_tag_do(struct visit *v)
{
    static const struct {
        const char *word;
        enum tag_mark kind;
        bool on;
    } acts[] = { { "follow", TAG_MARK_FOLLOW, true },
                 { "unfollow", TAG_MARK_FOLLOW, false },
                 { "feature", TAG_MARK_FEATURE, true },
                 { "unfeature", TAG_MARK_FEATURE, false } };
    struct tag_info t = { 0 };
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (!str_eq(visit_param(v, "do"), str_c(acts[i].word)))
            continue;
        TRY(tag_mark_set(v->c, acts[i].kind, v->q->args[0], acts[i].on, &t));
        return visit_go_back(v, STR("/home"));
    }
    return fail(v->c, ERR_INVALID, "There is no such button.");
}

enum err page_tag(struct visit *v)
{
    struct tag_info tag = { 0 };
    struct status_page found = { 0 };
    struct page p = pager_read(v);
    TRY(tag_find(v->c, v->q->args[0], &tag));
    TRY(tag_marks_load(v->c, &tag, 1));
    const struct tag_query ask = { .name = tag.name };
    struct str path = arena_strf(v->c->arena, "/tags/" STR_FMT, STR_ARG(http_percent_encode(v->c->arena, tag.name)));
    struct rows l = { .path = path };
    const struct sheet s = {
        .title = arena_strf(v->c->arena, "#" STR_FMT, STR_ARG(tag.name)),
        .index = true,
        .path = path,
        .description = arena_strf(v->c->arena, "Public parleys with #" STR_FMT, STR_ARG(tag.name)),
        .atom = arena_strf(v->c->arena, STR_FMT ".atom", STR_ARG(path)),
    };
    TRY(tag_timeline(v->c, &ask, &p, &found));
    TRY(from_page(v->c, FILTER_PUBLIC, &found, &l));
    visit_shows_list(v);
    layout_begin(v, &s);
    put_tag_button(v, &tag);
    put_list(v, &l, &p, STR("Nothing yet"), STR("Nobody used this tag in public so far."));
    return layout_end(v, &s);
}

enum err page_bookmarks(struct visit *v)
{
    const struct sheet s = { .title = STR("Bookmarks"), .sub = STR("Only you see them"), .nav = "more" };
    struct status_page found = { 0 };
    struct page p = pager_read(v);
    struct rows l = { .path = STR("/bookmarks") };
    TRY(status_bookmarks(v->c, &p, &found));
    TRY(from_page(v->c, FILTER_NOWHERE, &found, &l));
    layout_begin(v, &s);
    put_list(v, &l, &p, STR("No bookmarks"), STR("Keep a parley with the ribbon below it."));
    return layout_end(v, &s);
}

enum err page_favourites(struct visit *v)
{
    const struct sheet s = { .title = STR("Favourites"), .nav = "more" };
    struct status_page found = { 0 };
    struct page p = pager_read(v);
    struct rows l = { .path = STR("/favourites") };
    TRY(status_favourites(v->c, &p, &found));
    TRY(from_page(v->c, FILTER_NOWHERE, &found, &l));
    layout_begin(v, &s);
    put_list(v, &l, &p, STR("No favourites"), STR("Tell somebody that you like what they wrote, with the star."));
    return layout_end(v, &s);
}
