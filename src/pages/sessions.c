/* SPDX-License-Identifier: Apache-2.0 */
#include "core/session.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/invite.h"
#include "model/site.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/settings.h"
#include "pages/when.h"
#include "store/app.h"

/* Where one is signed in; and the links by which one lets others in. */

static void put_session(struct visit *v, const struct session *s, const struct app *app)
{
    struct hw *w = &v->w;
    bool here = v->c->session->id == s->id;
    hw_open(w, "li");
    hw_open(w, "p");
    hw_el(w, "b", app != NULL ? app->name : STR("These pages"));
    if (here)
        hw_text(w, STR(" · you are here"));
    hw_void(w, "br");
    hw_open_class(w, "span", STR("small muted"));
    hw_text(w, STR("since "));
    when_full(v, s->created_ms);
    hw_text(w, STR(", last used "));
    when_short(v, s->used_ms);
    if (s->ip.n > 0) {
        hw_text(w, STR(" from "));
        hw_text(w, s->ip);
    }
    hw_void(w, "br");
    hw_text(w, app != NULL ? s->scope_text : s->user_agent);
    hw_close(w, "span");
    hw_close(w, "p");
    form_open(v, arena_strf(v->c->arena, "/settings/sessions/%lld/end", (long long)s->id), STR(""));
    form_button(v, STR("btn"), NULL, STR(""), here ? STR("Sign out here") : STR("End it"));
    form_close(v);
    hw_close(w, "li");
}

enum err page_sessions(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Settings"), .sub = STR("Sessions"), .nav = "more" };
    struct session *all = NULL;
    int64_t n = 0;
    TRY(session_list(v->c, &all, &n));
    struct app **apps = ARENA_ARRAY(v->c->arena, (size_t)n + 1, struct app *);
    for (int64_t i = 0; i < n; i++)
        if (all[i].app_id != 0)
            TRY(store_app_find(v->c, all[i].app_id, &apps[i]));
    layout_begin(v, &s);
    settings_tabs(v, "sessions");
    hw_open_class(w, "ul", STR("card-list"));
    for (int64_t i = 0; i < n; i++)
        put_session(v, &all[i], apps[i]);
    hw_close(w, "ul");
    if (n > 1) {
        form_open(v, STR("/settings/sessions/others"), STR("sheet"));
        form_button(v, STR("btn d"), NULL, STR(""), STR("End all but this one"));
        form_close(v);
    }
    return layout_end(v, &s);
}

enum err page_session_end(struct visit *v)
{
    int64_t id = 0;
    if (!id_parse(v->q->args[0], &id))
        return fail(v->c, ERR_NOT_FOUND, "There is no such session.");
    TRY(session_end(v->c, id));
    return visit_go(v, id == v->c->session->id ? STR("/") : STR("/settings/sessions?said=ended"));
}

enum err page_sessions_end(struct visit *v)
{
    TRY(session_end_others(v->c));
    return visit_go(v, STR("/settings/sessions?said=done"));
}

static void put_invite(struct visit *v, const struct invite *i)
{
    struct hw *w = &v->w;
    hw_open(w, "li");
    hw_open(w, "p");
    hw_el_class(w, "code", STR("key"),
                arena_strf(v->c->arena, STR_FMT "/sign-up/" STR_FMT, STR_ARG(v->c->site->base_url), STR_ARG(i->code)));
    hw_void(w, "br");
    hw_open_class(w, "span", STR("small muted"));
    hw_text(w, arena_strf(v->c->arena, "used %lld times", (long long)i->uses));
    if (i->uses_max > 0)
        hw_text(w, arena_strf(v->c->arena, " of %lld", (long long)i->uses_max));
    if (i->expires_ms > 0) {
        hw_text(w, STR(", until "));
        hw_text(w, when_day(v->c->arena, i->expires_ms));
    }
    if (i->note.n > 0) {
        hw_text(w, STR(" · "));
        hw_text(w, i->note);
    }
    hw_close(w, "span");
    hw_close(w, "p");
    form_open(v, STR("/settings/invites/delete"), STR(""));
    form_hidden(v, "code", i->code);
    form_button(v, STR("btn"), NULL, STR(""), STR("Delete it"));
    form_close(v);
    hw_close(w, "li");
}

static enum err show_invites(struct visit *v)
{
    static const struct choice uses[] = { { { "1", 1 }, { "One person", 10 } },
                                          { { "5", 1 }, { "Five people", 11 } },
                                          { { "25", 2 }, { "Twenty-five people", 18 } },
                                          { { "0", 1 }, { "Any number", 10 } } };
    static const struct choice days[] = { { { "7", 1 }, { "A week", 6 } },
                                          { { "30", 2 }, { "Thirty days", 11 } },
                                          { { "0", 1 }, { "Without end", 11 } } };
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Settings"), .sub = STR("Invites"), .nav = "more" };
    struct invite *all = NULL;
    int64_t n = 0;
    struct str says = v->c->says;
    TRY(invite_list(v->c, &all, &n));
    v->c->says = says;
    layout_begin(v, &s);
    settings_tabs(v, "invites");
    form_open(v, STR("/settings/invites"), STR("sheet"));
    form_refused(v);
    hw_el(w, "p", STR("Whoever opens your link may sign up, and is not asked for a reason."));
    form_choice(v, "uses", "For", uses, sizeof uses / sizeof uses[0], STR("1"));
    form_choice(v, "days", "For how long", days, sizeof days / sizeof days[0], STR("7"));
    form_field(v, &(struct field){
                      .name = "note", .label = "A note for yourself", .max = INVITE_NOTE_MAX, .user_text = true });
    form_submit(v, STR("Make a link"));
    form_close(v);
    hw_open_class(w, "ul", STR("card-list"));
    for (int64_t i = 0; i < n; i++)
        put_invite(v, &all[i]);
    hw_close(w, "ul");
    return layout_end(v, &s);
}

enum err page_invites(struct visit *v)
{
    return show_invites(v);
}

enum err page_invites_send(struct visit *v)
{
    struct invite *made = NULL;
    int64_t uses = 0;
    int64_t days = 0;
    if (!http_i64(v->q, "uses", 0, 1000, false, &uses) || !http_i64(v->q, "days", 0, 365, false, &days))
        return fail(v->c, ERR_INVALID, "That is not one of the choices.");
    enum err e = invite_create(v->c, visit_param(v, "note"), uses, days == 0 ? 0 : v->c->now_ms + days * DAY_MS, &made);
    if (form_takes(v, e))
        return show_invites(v);
    TRY(e);
    return visit_go(v, STR("/settings/invites?said=done"));
}

enum err page_invite_delete(struct visit *v)
{
    TRY(invite_delete(v->c, visit_param(v, "code")));
    return visit_go(v, STR("/settings/invites?said=done"));
}
