/* SPDX-License-Identifier: Apache-2.0 */
#include "core/account.h"
#include "core/signup.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"
#include "pages/when.h"

/* /more: every place that has no room in the navigation. /waiting: who is signed in, but not let in yet. */
struct place {
    const char *href;
    const char *label;
    enum role from;
};
/* clang-format off */
static const struct place places[] = {
    { "/explore", "Explore: what many talk about", ROLE_MEMBER },
    { "/local", "Local: what members say in public", ROLE_MEMBER },
    { "/lists", "Lists", ROLE_MEMBER },
    { "/bookmarks", "Bookmarks", ROLE_MEMBER },
    { "/favourites", "Favourites", ROLE_MEMBER },
    { "/drafts", "Drafts, and what is scheduled", ROLE_MEMBER },
    { "/follow_requests", "Follow requests", ROLE_MEMBER },
    { "/mutes", "Muted people", ROLE_MEMBER },
    { "/blocks", "Blocked people", ROLE_MEMBER },
    { "/domain_blocks", "Muted servers", ROLE_MEMBER },
    { "/settings/profile", "Settings: profile", ROLE_MEMBER },
    { "/settings/account", "Settings: account, password, leaving", ROLE_MEMBER },
    { "/settings/filters", "Settings: filters", ROLE_MEMBER },
    { "/settings/sessions", "Settings: sessions and apps", ROLE_MEMBER },
    { "/settings/two_factor", "Settings: security, passkeys, second factor", ROLE_MEMBER },
    { "/settings/invites", "Invite somebody", ROLE_MEMBER },
    { "/moderation/reports", "Moderation: reports", ROLE_MODERATOR },
    { "/moderation/requests", "Moderation: who asks to join", ROLE_MODERATOR },
    { "/moderation/people", "Moderation: people", ROLE_MODERATOR },
    { "/moderation/trends", "Moderation: trends", ROLE_MODERATOR },
    { "/server", "This server: requests, storage, errors", ROLE_ADMIN },
    { "/community", "This community: title, rules, who may join, mode", ROLE_OWNER },
    { "/emojis", "Custom emoji", ROLE_MEMBER },
    { "/about", "About this server", ROLE_MEMBER },
    { "/rules", "Rules", ROLE_MEMBER },
    { "/privacy", "Privacy", ROLE_MEMBER },
};
/* clang-format on */

static void put_sign_out(struct visit *v)
{
    form_open(v, STR("/sign-out"), STR(""));
    form_button(v, STR("item"), NULL, STR(""), STR("Sign out"));
    form_close(v);
}

enum err page_more(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("More"), .nav = "more" };
    layout_begin(v, &s);
    hw_open_class(w, "ul", STR("menu-list"));
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (v->c->me->role < places[i].from)
            continue;
        hw_open(w, "li");
        hw_link(w, str_c(places[i].href), str_c(places[i].label));
        hw_close(w, "li");
    }
    hw_open(w, "li");
    put_sign_out(v);
    hw_close(w, "li");
    hw_close(w, "ul");
    return layout_end(v, &s);
}

static void put_leaving(struct visit *v)
{
    struct hw *w = &v->w;
    form_open(v, STR("/settings/account/keep"), STR("sheet"));
    hw_open(w, "p");
    hw_text(w, STR("You asked for your account to be deleted. That happens on "));
    hw_text(w, when_day(v->c->arena, v->c->me->deletion_ms));
    hw_text(w, STR(". Until then nobody sees it."));
    hw_close(w, "p");
    form_submit(v, STR("Keep my account"));
    form_close(v);
}

static void put_unconfirmed(struct visit *v, const struct member *m)
{
    struct hw *w = &v->w;
    form_open(v, STR("/waiting"), STR("sheet"));
    form_refused(v);
    hw_open_class(w, "p", STR("lead"));
    hw_text(w, STR("We sent a link to "));
    hw_el(w, "b", m->email);
    hw_text(w, m->approved_ms != 0 ? STR(". Open it, and you are in.")
                                   : STR(". Open it; then a moderator reads your request."));
    hw_close(w, "p");
    form_field(v, &(struct field){ .name = "email",
                                   .label = "Nothing came? Send it again, or to another address",
                                   .type = "email",
                                   .autocomplete = "email",
                                   .value = m->email,
                                   .required = true });
    form_submit(v, STR("Send it again"));
    form_close(v);
}

static enum err show_waiting(struct visit *v)
{
    struct hw *w = &v->w;
    struct member *m = NULL;
    const struct account *me = v->c->me;
    struct str says = v->c->says;
    TRY(account_member(v->c, &m));
    v->c->says = says;
    const struct sheet s = { .title = me->deletion_ms != 0   ? STR("Do you want to stay?")
                                      : m->confirmed_ms == 0 ? STR("Look into your mail")
                                                             : STR("A moderator reads your request"),
                             .alone = true };
    layout_begin(v, &s);
    if (me->deletion_ms != 0) {
        put_leaving(v);
    } else if (m->confirmed_ms == 0) {
        put_unconfirmed(v, m);
    } else {
        hw_open_class(w, "div", STR("prose"));
        hw_el_class(w, "p", STR("lead"), STR("Your address is confirmed. You get a mail when you are let in."));
        hw_close(w, "div");
    }
    hw_open_class(w, "div", STR("pad"));
    form_open(v, STR("/sign-out"), STR(""));
    form_button(v, STR("btn"), NULL, STR(""), STR("Sign out"));
    form_close(v);
    hw_close(w, "div");
    return layout_end(v, &s);
}

enum err page_waiting(struct visit *v)
{
    if (v->c->me->active && v->c->me->deletion_ms == 0)
        return visit_go(v, STR("/home"));
    return show_waiting(v);
}

enum err page_waiting_send(struct visit *v)
{
    struct member *m = NULL;
    struct str email = visit_param(v, "email");
    TRY(account_member(v->c, &m));
    enum err e = sign_up_resend(v->c, str_eq(email, m->email) || email.n == 0 ? (struct str){ 0 } : email);
    if (form_takes(v, e))
        return show_waiting(v);
    TRY(e);
    return visit_go(v, STR("/waiting?said=again"));
}

enum err page_keep(struct visit *v)
{
    TRY(account_deletion_cancel(v->c));
    return visit_go(v, STR("/home?said=kept"));
}
