/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/announcements.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/announcement.h"
#include "core/render.h"
#include "core/site.h"
#include "model/site.h"
#include "pages/community.h"
#include "pages/emojis.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/when.h"

/* Announcements: on everybody's home until they say so, and the owner's page to write them. */
#define OWNERS "/community/announcements"

static void put_text(struct visit *v, const struct announcement *a)
{
    struct hw *w = &v->w;
    hw_open_class(w, "div", STR("c"));
    hw_attr(w, "dir", STR("auto"));
    emojis_put_html(v, render_status_html(v->c, a->text, STR("[]")));
    hw_close(w, "div");
}

static void put_reaction(struct visit *v, struct str name, int64_t n, bool me)
{
    struct hw *w = &v->w;
    hw_open_class(w, "button", me ? STR("btn p") : STR("btn"));
    hw_attr(w, "name", me ? STR("take_back") : STR("react"));
    hw_attr(w, "value", name);
    emojis_put_name(v, name);
    if (n > 0) {
        hw_text(w, STR(" "));
        hw_i64(w, n);
    }
    hw_close(w, "button");
    hw_text(w, STR(" "));
}

/* What was chosen by somebody, and two to begin with. */
static void put_reactions(struct visit *v, const struct announcements *all, int64_t id)
{
    static const struct str first[] = { STR("👍"), STR("❤️") };
    bool there[2] = { false, false };
    for (int64_t i = 0; i < all->reactions_n; i++) {
        const struct reaction *r = &all->reactions[i];
        if (r->announcement_id != id)
            continue;
        put_reaction(v, r->name, r->n, r->me);
        for (int k = 0; k < 2; k++)
            there[k] = there[k] || str_eq(first[k], r->name);
    }
    for (int k = 0; k < 2; k++)
        if (!there[k])
            put_reaction(v, first[k], 0, false);
}

enum err announcements_put(struct visit *v)
{
    struct hw *w = &v->w;
    struct announcements all = { 0 };
    TRY(announcement_list(v->c, false, &all));
    for (int64_t i = 0; i < all.n; i++) {
        if (all.read[i])
            continue;
        hw_open_class(w, "section", STR("note info"));
        hw_attr(w, "aria-label", STR("Announcement"));
        put_text(v, &all.rows[i]);
        form_open(v, arena_strf(v->c->arena, "/announcements/%lld", (long long)all.rows[i].id), STR("row"));
        put_reactions(v, &all, all.rows[i].id);
        form_button(v, STR("btn"), "do", STR("dismiss"), STR("Got it"));
        form_close(v);
        hw_close(w, "section");
    }
    return OK;
}

enum err page_announcement_do(struct visit *v)
{
    struct str react = visit_param(v, "react");
    struct str back = visit_param(v, "take_back");
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    if (react.n > 0)
        TRY(announcement_react(v->c, id, react));
    else if (back.n > 0)
        TRY(announcement_unreact(v->c, id, back));
    else
        TRY(announcement_dismiss(v->c, id));
    return visit_go(v, STR("/home"));
}

/* --- the owner's --- */

/* The first is of one that is there already. */
static const struct choice ends[] = {
    { { "-1", 2 }, { "As it is", 8 } },
    { { "0", 1 }, { "When I take it down", 19 } },
    { { "3600", 4 }, { "In an hour", 10 } },
    { { "86400", 5 }, { "In a day", 8 } },
    { { "259200", 6 }, { "In three days", 13 } },
    { { "604800", 6 }, { "In a week", 9 } },
    { { "2592000", 7 }, { "In thirty days", 14 } },
};
#define ENDS_N     (sizeof ends / sizeof ends[0])
#define ENDS_MAX_S 2592000

static struct str path_of(struct visit *v, int64_t id)
{
    return arena_strf(v->c->arena, OWNERS "/%lld", (long long)id);
}

static void put_own(struct visit *v, const struct announcement *a)
{
    struct hw *w = &v->w;
    bool over = a->ends_ms != 0 && a->ends_ms <= v->c->now_ms;
    hw_open_class(w, "section", STR("notice"));
    put_text(v, a);
    hw_open_class(w, "div", STR("small"));
    hw_text(w, over ? STR("Ended · written ") : STR("Shown · written "));
    when_short(v, a->published_ms);
    if (a->ends_ms != 0 && !over) {
        hw_text(w, STR(" · until "));
        hw_text(w, when_day(v->c->arena, a->ends_ms));
    }
    hw_close(w, "div");
    form_open(v, arena_strf(v->c->arena, OWNERS "/%lld/remove", (long long)a->id), STR("row"));
    layout_button(v, "btn", path_of(v, a->id), STR("Change it"));
    form_button(v, STR("btn d"), "do", STR("remove"), STR("Take it down"));
    form_close(v);
    hw_close(w, "section");
}

/* What was sent, or what there is of *a; NULL: a new one. */
static void put_form(struct visit *v, const struct announcement *a)
{
    bool sent = v->q->method == HTTP_POST;
    struct str text = a == NULL ? STR("") : a->text;
    size_t first = a == NULL ? 1 : 0;
    form_open(v, a == NULL ? STR(OWNERS) : path_of(v, a->id), STR("sheet"));
    form_refused(v);
    form_field(v,
               &(struct field){ .name = "text",
                                .label = "Tell everybody",
                                .hint = STR("It stands above everybody's home, and in apps, until they have read it."),
                                .rows = 4,
                                .user_text = true,
                                .required = true,
                                .value = sent ? visit_param(v, "text") : text });
    form_choice(v, "ends", "When it ends", ends + first, ENDS_N - first,
                sent ? visit_param(v, "ends") : ends[first].value);
    form_submit(v, a == NULL ? STR("Announce it") : STR("Save"));
    form_close(v);
}

static enum err show(struct visit *v)
{
    const struct sheet s = { .title = STR("This community"), .sub = STR("Announcements"), .nav = "more" };
    struct announcements all = { 0 };
    TRY(announcement_list(v->c, true, &all));
    layout_begin(v, &s);
    community_tabs(v, OWNERS);
    put_form(v, NULL);
    for (int64_t i = 0; i < all.n; i++)
        put_own(v, &all.rows[i]);
    return layout_end(v, &s);
}

enum err page_announcements(struct visit *v)
{
    return show(v);
}

/* Text and end as the form has them. */
static enum err read_wish(struct visit *v, struct announcement *a)
{
    int64_t seconds = -1;
    TRY(site_allows_write(v->c));
    a->text = str_trim(visit_param(v, "text"));
    if (!http_i64(v->q, "ends", -1, ENDS_MAX_S, false, &seconds))
        return fail(v->c, ERR_INVALID, "That is not one of the choices.");
    if (seconds >= 0)
        a->ends_ms = seconds == 0 ? 0 : v->c->now_ms + seconds * SECOND_MS;
    return OK;
}

enum err page_announcements_send(struct visit *v)
{
    struct announcement a = { 0 };
    enum err e = read_wish(v, &a);
    if (e == OK)
        e = announcement_add(v->c, &a);
    if (form_takes(v, e))
        return show(v);
    TRY(e);
    return visit_go(v, STR(OWNERS "?said=saved"));
}

static enum err show_one(struct visit *v, const struct announcement *a)
{
    const struct sheet s = { .title = STR("This community"), .sub = STR("An announcement"), .nav = "more" };
    layout_begin(v, &s);
    community_tabs(v, OWNERS);
    put_form(v, a);
    return layout_end(v, &s);
}

static enum err asked_for(struct visit *v, struct announcement *a)
{
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    return announcement_get(v->c, id, a);
}

enum err page_announcement(struct visit *v)
{
    struct announcement a = { 0 };
    TRY(asked_for(v, &a));
    return show_one(v, &a);
}

enum err page_announcement_send(struct visit *v)
{
    struct announcement a = { 0 };
    TRY(asked_for(v, &a));
    enum err e = read_wish(v, &a);
    if (e == OK)
        e = announcement_edit(v->c, &a);
    if (form_takes(v, e))
        return show_one(v, &a);
    TRY(e);
    return visit_go(v, STR(OWNERS "?said=saved"));
}

enum err page_announcement_remove(struct visit *v)
{
    int64_t id = 0;
    TRY(visit_arg_id(v, &id));
    TRY(site_allows_write(v->c));
    TRY(announcement_remove(v->c, id));
    return visit_go(v, STR(OWNERS "?said=done"));
}
