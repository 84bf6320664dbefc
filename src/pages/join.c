/* SPDX-License-Identifier: Apache-2.0 */
#include "core/auth.h"
#include "core/invite.h"
#include "core/name.h"
#include "core/password.h"
#include "core/signup.h"
#include "core/site.h"
#include "model/account.h"
#include "model/site.h"
#include "pages/cookie.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"

/* Becoming a member: sign-up, the link of the mail, the owner's set-up. */

static void put_account_fields(struct visit *v, struct str of_email)
{
    form_field(
        v, &(struct field){ .name = "username",
                            .label = "User name",
                            .autocomplete = "username",
                            .hint = STR("Letters, digits and _. It is the @name others see, and cannot be changed."),
                            .value = visit_param(v, "username"),
                            .max = NAME_USER_MAX,
                            .required = true });
    form_field(v, &(struct field){ .name = "email",
                                   .label = "E-mail address",
                                   .type = "email",
                                   .autocomplete = "email",
                                   .hint = of_email,
                                   .value = visit_param(v, "email"),
                                   .required = true });
    form_field(v, &(struct field){ .name = "password",
                                   .label = "Password",
                                   .type = "password",
                                   .autocomplete = "new-password",
                                   .hint = STR("At least 8 characters. A few words are better than a riddle."),
                                   .max = PASSWORD_MAX,
                                   .required = true });
}

static void put_rules(struct visit *v)
{
    struct hw *w = &v->w;
    const struct site *site = v->c->site;
    if (site->rules_n > 0) {
        hw_el(w, "h2", STR("The rules here"));
        hw_open(w, "ol");
        for (int64_t i = 0; i < site->rules_n; i++)
            hw_el(w, "li", site->rules[i].text);
        hw_close(w, "ol");
    }
    form_check(v, "agreement",
               site->rules_n > 0 ? STR("I will keep to these rules.") : STR("I agree to the rules of this server."),
               visit_param(v, "agreement").n > 0, STR(""));
    if (site->age_min > 0)
        form_check(v, "of_age", arena_strf(v->c->arena, "I am at least %lld years old.", (long long)site->age_min),
                   visit_param(v, "of_age").n > 0, STR(""));
}

static void put_sign_up_form(struct visit *v, struct str invite)
{
    form_open(v, STR("/sign-up"), STR("sheet"));
    form_refused(v);
    put_account_fields(v, STR("Nobody sees it. We send a link to it now, and news only if you want."));
    if (v->c->site->sign_up == SIGN_UP_INVITE || invite.n > 0)
        form_field(v, &(struct field){ .name = "invite",
                                       .label = "Invitation code",
                                       .hint = STR("The last part of the link that a member sent you."),
                                       .value = invite,
                                       .required = v->c->site->sign_up == SIGN_UP_INVITE });
    if (sign_up_asks_reason(v->c, invite.n > 0 ? invite : (struct str){ 0 }))
        form_field(v, &(struct field){ .name = "reason",
                                       .label = "Why do you want to join?",
                                       .hint = STR("A moderator reads this and lets you in."),
                                       .value = visit_param(v, "reason"),
                                       .max = SIGN_UP_REASON_MAX,
                                       .rows = 4,
                                       .required = true,
                                       .user_text = true });
    put_rules(v);
    form_check(v, "indexable", STR("Search may find what I write in public."), visit_param(v, "indexable").n > 0,
               STR("Without it only those who follow you or whom you name find it. You can change this later."));
    form_submit(v, v->c->site->sign_up == SIGN_UP_APPROVAL ? STR("Ask to join") : STR("Sign up"));
    form_close(v);
}

static void put_closed(struct visit *v)
{
    struct hw *w = &v->w;
    const struct site *site = v->c->site;
    hw_open_class(w, "div", STR("prose"));
    hw_el_class(w, "p", STR("lead"), STR("This server takes no new members for now."));
    if (site->sign_up_reason.n > 0)
        hw_el(w, "p", site->sign_up_reason);
    if (site->contact_email.n > 0) {
        hw_open(w, "p");
        hw_text(w, STR("Questions? Write to "));
        hw_link(w, arena_strf(v->c->arena, "mailto:" STR_FMT, STR_ARG(site->contact_email)), site->contact_email);
        hw_text(w, STR("."));
        hw_close(w, "p");
    }
    hw_open(w, "p");
    hw_link(w, STR("/about"), STR("Who runs this server"));
    hw_close(w, "p");
    hw_close(w, "div");
}

static enum err show_sign_up(struct visit *v, struct str invite)
{
    const struct sheet s = {
        .title = STR("Sign up"), .nav = "join", .alone = true, .index = true, .path = STR("/sign-up")
    };
    layout_begin(v, &s);
    if (v->c->site->sign_up == SIGN_UP_CLOSED) {
        put_closed(v);
        return layout_end(v, &s);
    }
    if (site_allows_sign_up(v->c) != OK) {
        layout_note(v, "bad", v->c->says);
        return layout_end(v, &s);
    }
    put_sign_up_form(v, invite);
    return layout_end(v, &s);
}

/* The official apps ask at an invitation's address for JSON, which is not spoken here; a page is none. */
static bool is_asked_by_app(const struct visit *v)
{
    return v->q->args[0].p != NULL && str_starts(http_header(v->q, "Accept"), STR("application/json"));
}

enum err page_sign_up(struct visit *v)
{
    if (is_asked_by_app(v))
        return fail(v->c, ERR_NOT_FOUND, "Not Found");
    if (v->c->me != NULL)
        return visit_go(v, STR("/home"));
    return show_sign_up(v, v->q->args[0].p != NULL ? v->q->args[0] : visit_param(v, "invite"));
}

static struct str browser(const struct visit *v)
{
    return http_header(v->q, "user-agent");
}

static enum err let_in(struct visit *v, const struct account *a, struct str to)
{
    struct str secret = { 0 };
    TRY(auth_open(v->c, a, browser(v), &secret));
    cookie_set_session(v, secret);
    return visit_go(v, to);
}

enum err page_sign_up_send(struct visit *v)
{
    struct account *a = NULL;
    struct str invite = visit_param(v, "invite");
    const struct sign_up_form f = {
        .username = visit_param(v, "username"),
        .email = visit_param(v, "email"),
        .password = visit_param(v, "password"),
        .reason = visit_param(v, "reason"),
        .invite = invite.n > 0 ? invite : (struct str){ 0 },
        .of_age = visit_param(v, "of_age").n > 0,
        .agreement = visit_param(v, "agreement").n > 0,
        .indexable = visit_param(v, "indexable").n > 0,
    };
    enum err e = sign_up(v->c, &f, &a);
    if (form_takes(v, e))
        return show_sign_up(v, invite);
    TRY(e);
    return let_in(v, a, STR("/waiting"));
}

/* A link of a mail is opened by a button: programs that look into mails follow links, but send no forms. */
static enum err show_button(struct visit *v, const char *action, struct str title, struct str words, struct str label)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = title, .alone = true };
    layout_begin(v, &s);
    form_open(v, arena_strf(v->c->arena, "/%s/" STR_FMT, action, STR_ARG(v->q->args[0])), STR("sheet"));
    form_refused(v);
    hw_el(w, "p", words);
    form_submit(v, label);
    form_close(v);
    return layout_end(v, &s);
}

static enum err show_done(struct visit *v, struct str title, struct str words, const char *href, struct str label)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = title, .alone = true };
    layout_begin(v, &s);
    hw_open_class(w, "div", STR("prose"));
    hw_el_class(w, "p", STR("lead"), words);
    hw_open(w, "p");
    hw_open_class(w, "a", STR("btn p"));
    hw_attr(w, "href", str_c(href));
    hw_text(w, label);
    hw_close(w, "a");
    hw_close(w, "p");
    hw_close(w, "div");
    return layout_end(v, &s);
}

enum err page_confirm(struct visit *v)
{
    v->secret = true;
    return show_button(v, "confirm", STR("Confirm your e-mail address"),
                       STR("One more step: press the button, and this address is yours here."), STR("Confirm"));
}

enum err page_confirm_send(struct visit *v)
{
    struct account *a = NULL;
    bool here = v->c->me != NULL;
    TRY(sign_up_confirm(v->c, v->q->args[0], &a));
    here = here && v->c->me->id == a->id;
    if (!a->active)
        return show_done(
            v, STR("Thank you"),
            STR("Your address is confirmed. A moderator reads your request now; you get a mail when they let "
                "you in."),
            "/about", STR("About this server"));
    if (here)
        return visit_go(v, STR("/home?said=welcome"));
    return show_done(v, STR("Welcome"), STR("Your address is confirmed. Sign in and say hello."), "/sign-in",
                     STR("Sign in"));
}

enum err page_email(struct visit *v)
{
    v->secret = true;
    return show_button(v, "email", STR("Change your e-mail address"),
                       STR("Press the button, and this address takes the place of the old one."),
                       STR("Use this address"));
}

enum err page_email_send(struct visit *v)
{
    TRY(auth_email_confirm(v->c, v->q->args[0]));
    return show_done(v, STR("Done"), STR("Your e-mail address is changed."), "/home", STR("Go on"));
}

static enum err show_setup(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Set up this server"), .alone = true };
    v->secret = true;
    layout_begin(v, &s);
    form_open(v, arena_strf(v->c->arena, "/setup/" STR_FMT, STR_ARG(v->q->args[0])), STR("sheet"));
    form_refused(v);
    hw_el(w, "p",
          STR("You are the first one here. This account owns the server: it can do everything that others may, "
              "and make others moderators."));
    hw_el_class(w, "p", STR("hint"),
                arena_strf(v->c->arena, "The link works once, within %d minutes of being made.", SETUP_LASTS_MIN));
    put_account_fields(v, STR("Nobody sees it. A link goes to it when you forgot your password."));
    form_submit(v, STR("Become the owner"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_setup(struct visit *v)
{
    TRY(sign_up_setup_check(v->c, v->q->args[0]));
    return show_setup(v);
}

enum err page_setup_send(struct visit *v)
{
    struct account *a = NULL;
    const struct sign_up_form f = {
        .username = visit_param(v, "username"),
        .email = visit_param(v, "email"),
        .password = visit_param(v, "password"),
        .of_age = true,
        .agreement = true,
    };
    enum err e = sign_up_setup(v->c, v->q->args[0], &f, &a);
    if (e != ERR_GONE && form_takes(v, e))
        return show_setup(v);
    TRY(e);
    return let_in(v, a, STR("/home?said=owner"));
}
