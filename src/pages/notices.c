/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/id.h"
#include "core/marker.h"
#include "core/notification.h"
#include "core/relation.h"
#include "core/render.h"
#include "core/site.h"
#include "model/account.h"
#include "pages/article.h"
#include "pages/emojis.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/news.h"
#include "pages/pager.h"
#include "pages/routes.h"
#include "pages/when.h"
#include "store/account.h"

/* Notices: what others did that is about me. The same thing done by several within GROUP_MS is one row with their
   names; mentions always stand alone. */
#define NOTICE_ROWS 40
#define GROUP_MS    (12 * HOUR_MS)
#define NAMES_MAX   8

bool news_waiting(struct ctx *c)
{
    const struct notification_ask all = { 0 };
    int64_t n = 0;
    bool waits = notification_unread(c, &all, 1, &n) == OK && n > 0;
    c->says = (struct str){ 0 };
    return waits;
}

struct group {
    const struct notification *first;
    int64_t n;
    const struct account *who[NAMES_MAX];
    int64_t who_n;
    const struct view *about; /* NULL: no parley */
};

static bool can_group(enum notification_type t)
{
    return t == NOTE_FAVOURITE || t == NOTE_REBLOG || t == NOTE_FOLLOW || t == NOTE_ADMIN_SIGN_UP;
}

static int64_t group_all(const struct notification_page *found, struct account *const *from, const struct view *about,
                         struct group *out)
{
    int64_t n = 0;
    for (int64_t i = 0; i < found->n; i++) {
        const struct notification *x = &found->rows[i];
        struct group *g = NULL;
        if (x->status_id != 0 && about[i].status == NULL)
            continue; /* a filter hides it, or it went away since */
        for (int64_t k = 0; k < n && can_group(x->type); k++)
            if (out[k].first->type == x->type && out[k].first->status_id == x->status_id
                && out[k].first->created_ms - x->created_ms < GROUP_MS)
                g = &out[k];
        if (g == NULL) {
            g = &out[n++];
            *g = (struct group){ .first = x, .about = about[i].status == NULL ? NULL : &about[i] };
        }
        g->n++;
        if (from[i] != NULL && g->who_n < NAMES_MAX)
            g->who[g->who_n++] = from[i];
    }
    return n;
}

/* Only what can_group has is done by several. */
static const char *verb(enum notification_type t, bool several)
{
    switch (t) {
    case NOTE_MENTION: return "mentions you";
    case NOTE_STATUS: return "wrote";
    case NOTE_REBLOG: return "echoed your parley";
    case NOTE_FOLLOW: return several ? "follow you" : "follows you";
    case NOTE_FOLLOW_REQUEST: return "asks to follow you";
    case NOTE_FAVOURITE: return several ? "like your parley" : "likes your parley";
    case NOTE_POLL: return "asked this, and the poll has ended";
    case NOTE_UPDATE: return "edited what you echoed";
    case NOTE_ADMIN_SIGN_UP: return "signed up";
    case NOTE_ADMIN_REPORT: return "reported something";
    case NOTE_SEVERED: return "ended what was between you";
    case NOTE_MODERATION_WARNING: return "sent you a warning";
    case NOTE_QUOTE: return "quoted you";
    case NOTE_QUOTED_UPDATE: return "edited what you quoted";
    }
    return "did something";
}

static const char *icon(enum notification_type t)
{
    if (t == NOTE_REBLOG || t == NOTE_UPDATE)
        return "echo";
    if (t == NOTE_FAVOURITE)
        return "favourite";
    return t == NOTE_FOLLOW || t == NOTE_FOLLOW_REQUEST || t == NOTE_ADMIN_SIGN_UP ? "join" : "notices";
}

static void put_names(struct visit *v, const struct group *g)
{
    struct hw *w = &v->w;
    for (int64_t i = 0; i < g->who_n && i < 2; i++) {
        hw_text(w, i == 0 ? STR("") : g->n > 2 ? STR(", ") : STR(" and "));
        hw_open(w, "a");
        hw_attr(w, "href", account_path(v, g->who[i]));
        hw_attr(w, "dir", STR("auto"));
        emojis_put_text(v, account_name(g->who[i]));
        hw_close(w, "a");
    }
    if (g->n > 2)
        hw_text(w, arena_strf(v->c->arena, " and %lld more", (long long)(g->n - 2)));
}

static void put_request(struct visit *v, const struct account *a)
{
    form_open(v, arena_strf(v->c->arena, "/people/%lld/do", (long long)a->id), STR("row"));
    form_hidden(v, "back", STR("/notifications"));
    form_button(v, STR("btn p"), "do", STR("accept"), STR("Accept"));
    form_button(v, STR("btn"), "do", STR("reject"), STR("Reject"));
    form_close(v);
}

static void put_quote(struct visit *v, const struct view *p)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("quote c"));
    hw_attr(w, "dir", STR("auto"));
    if (p->filter.n > 0)
        hw_text(w, arena_strf(v->c->arena, "Filtered: " STR_FMT, STR_ARG(p->filter)));
    else if (p->status->spoiler.n > 0)
        emojis_put_text(v, p->status->spoiler);
    else
        emojis_put_html(v, render_status_html(v->c, p->status->text, p->status->mentions));
    hw_close(w, "div");
    hw_open_class(w, "p", STR("small"));
    hw_link(w, article_path(v, p), STR("Open it"));
    hw_close(w, "p");
}

static void put_group(struct visit *v, const struct group *g, int64_t read_id)
{
    struct hw *w = &v->w;
    bool whole = g->about != NULL && (g->first->type == NOTE_MENTION || g->first->type == NOTE_STATUS);
    hw_open_class(w, "section", g->first->id > read_id ? STR("notice new") : STR("notice"));
    hw_attr(w, "id", arena_strf(v->c->arena, "n%lld", (long long)g->first->id));
    hw_open(w, "p");
    layout_icon(w, icon(g->first->type));
    for (int64_t i = 0; i < g->who_n; i++)
        account_put_avatar(v, g->who[i], "av s");
    hw_open(w, "span");
    put_names(v, g);
    hw_text(w, STR(" "));
    bool waits = g->first->type == NOTE_ADMIN_SIGN_UP && g->who_n > 0 && !g->who[0]->active;
    hw_text(w, waits ? STR("asks to join") : str_c(verb(g->first->type, g->n > 1)));
    hw_text(w, STR(" · "));
    when_short(v, g->first->created_ms);
    if (g->first->id > read_id)
        hw_el_class(w, "b", STR("vh"), STR(" new"));
    hw_close(w, "span");
    hw_close(w, "p");
    if (g->first->type == NOTE_FOLLOW_REQUEST && g->who_n > 0)
        put_request(v, g->who[0]);
    if (g->first->report_id != 0)
        hw_link(w, arena_strf(v->c->arena, "/moderation/reports/%lld", (long long)g->first->report_id),
                STR("Read the report"));
    if (waits)
        hw_link(w, STR("/moderation/requests"), STR("Read the request"));
    if (g->about != NULL && !whole)
        put_quote(v, g->about);
    hw_close(w, "section");
    if (whole)
        article_put(v, g->about, ARTICLE_ROW);
}

/* Whoever looks at the newest page has read it. Not worth a failure: a read-only server shows the page as well. */
static void mark_read(struct visit *v, const struct notification_page *found, const struct page *p, int64_t read_id)
{
    struct marker now[MARKERS];
    struct marker_wish wish[MARKERS] = { 0 };
    if (p->max_id != 0 || p->min_id != 0 || found->n == 0 || found->rows[0].id <= read_id
        || site_allows_write(v->c) != OK)
        return;
    wish[MARKER_NOTIFICATIONS] = (struct marker_wish){ true, found->rows[0].id };
    if (marker_set(v->c, wish, now) == OK)
        v->has_news = false;
}

static void put_tabs(struct visit *v, bool mentions)
{
    struct hw *w = &v->w;
    hw_open_class(w, "nav", STR("tabs"));
    hw_attr(w, "aria-label", STR("Kinds of notices"));
    layout_tab(v, STR("/notifications"), "All", !mentions);
    layout_tab(v, STR("/notifications?only=mentions"), "Mentions", mentions);
    layout_tab(v, STR("/notifications/requests"), "Waiting", false);
    hw_close(w, "nav");
}

static enum err load(struct visit *v, const struct notification_page *found, struct account **from, struct view *about)
{
    int64_t *ids = ARENA_ARRAY(v->c->arena, (size_t)found->n + 1, int64_t);
    int64_t *people = ARENA_ARRAY(v->c->arena, (size_t)found->n + 1, int64_t);
    for (int64_t i = 0; i < found->n; i++) {
        ids[i] = found->rows[i].status_id;
        people[i] = found->rows[i].from_id;
    }
    if (found->n > 0)
        TRY(store_account_load(v->c, people, found->n, from));
    TRY(view_load_ids(v->c, ids, found->n, about));
    return view_filter(v->c, FILTER_NOTIFICATIONS, about, found->n);
}

enum err page_notices(struct visit *v)
{
    bool mentions = str_eq(visit_param(v, "only"), STR("mentions"));
    const struct notification_ask ask = { .types = mentions ? UINT64_C(1) << NOTE_MENTION : 0 };
    const struct sheet s = { .title = STR("Notices"), .nav = "notices" };
    struct marker marks[MARKERS];
    struct notification_page found = { 0 };
    struct account *from[NOTICE_ROWS + 1] = { 0 };
    struct view about[NOTICE_ROWS + 1] = { 0 };
    struct group groups[NOTICE_ROWS + 1];
    struct page p = pager_read(v);
    p.limit = NOTICE_ROWS;
    TRY(marker_list(v->c, marks));
    TRY(notification_list(v->c, &ask, &p, &found));
    TRY(load(v, &found, from, about));
    int64_t read_id = marks[MARKER_NOTIFICATIONS].last_read_id;
    int64_t n = group_all(&found, from, about, groups);
    if (!mentions)
        mark_read(v, &found, &p, read_id);
    layout_begin(v, &s);
    put_tabs(v, mentions);
    for (int64_t i = 0; i < n; i++)
        put_group(v, &groups[i], read_id);
    if (n == 0 && p.max_id == 0)
        layout_empty(v, STR("Nothing new"),
                     STR("When somebody answers you, likes what you write or follows you, it stands here."));
    pager_put(v, mentions ? STR("/notifications?only=mentions") : STR("/notifications"), &p, found.n, found.first,
              found.last);
    return layout_end(v, &s);
}
