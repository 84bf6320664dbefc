/* SPDX-License-Identifier: Apache-2.0 */
#include "core/auth.h"
#include "core/password.h"
#include "core/session.h"
#include "model/account.h"
#include "pages/cookie.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/passkeys.h"
#include "pages/routes.h"

/* Signing in and out, and what to do when the password is forgotten. */

static struct str next_of(const struct visit *v)
{
    struct str next = visit_param(v, "next");
    return visit_is_local(next) ? next : STR("/home");
}

/* Above the password: who has a passkey need not type anything. */
static void put_passkey_way(struct visit *v)
{
    struct webauthn_site site = { 0 };
    if (!passkey_site(v->c, &site))
        return;
    passkeys_open(v, STR(""));
    hw_open_class(&v->w, "section", STR("sheet"));
    form_open(v, STR("/sign-in/passkey"), STR(""));
    form_hidden(v, "next", next_of(v));
    form_button(v, STR("btn"), NULL, STR(""), STR("Sign in with a passkey"));
    form_close(v);
    hw_close(&v->w, "section");
    passkeys_close(v);
}

static void put_without_script(struct visit *v)
{
    struct hw *w = &v->w;
    struct webauthn_site site = { 0 };
    if (!passkey_site(v->c, &site))
        return;
    hw_open_class(w, "p", STR("hint"));
    hw_attr(w, "data-passkey-off", STR(""));
    hw_text(w, STR("To sign in with a passkey, the one small script of this page must run in your browser: now it does "
                   "not."));
    hw_close(w, "p");
}

static enum err show_sign_in(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Sign in"), .nav = "enter", .alone = true };
    passkeys_script(v);
    layout_begin(v, &s);
    form_open(v, STR("/sign-in"), STR("sheet"));
    form_refused(v);
    form_hidden(v, "next", next_of(v));
    form_field(v, &(struct field){ .name = "login",
                                   .label = "User name or e-mail address",
                                   .autocomplete = "username",
                                   .value = visit_param(v, "login"),
                                   .required = true });
    form_field(v, &(struct field){ .name = "password",
                                   .label = "Password",
                                   .type = "password",
                                   .autocomplete = "current-password",
                                   .required = true });
    form_submit(v, STR("Sign in"));
    hw_open(w, "p");
    hw_void(w, "br");
    hw_link(w, STR("/reset"), STR("Forgot your password?"));
    hw_text(w, STR(" · "));
    hw_link(w, STR("/sign-up"), STR("Not a member yet?"));
    hw_close(w, "p");
    put_without_script(v);
    form_close(v);
    put_passkey_way(v);
    return layout_end(v, &s);
}

enum err page_sign_in(struct visit *v)
{
    if (v->c->me != NULL && visit_param(v, "again").n == 0)
        return visit_go(v, next_of(v));
    return show_sign_in(v);
}

static void put_code(struct visit *v, struct str step, bool authenticator)
{
    form_open(v, STR("/sign-in/code"), STR("sheet"));
    form_hidden(v, "next", next_of(v));
    form_hidden(v, "step", step);
    form_field(v, &(struct field){
                      .name = "code",
                      .label = authenticator ? "Code" : "Recovery code",
                      .autocomplete = "one-time-code",
                      .hint = authenticator ? STR("Six digits from your authenticator, or one of your recovery codes.")
                                            : STR("One of those that you kept when you added your first passkey."),
                      .max = 40,
                      .required = true });
    form_submit(v, STR("Go on"));
    form_close(v);
}

static enum err show_step(struct visit *v, struct str step)
{
    const struct sheet s = { .title = STR("One more step"), .nav = "enter", .alone = true };
    struct second_step takes = { 0 };
    struct str says = v->c->says;
    TRY(passkey_step(v->c, step, &takes));
    v->secret = true;
    passkeys_script(v);
    layout_begin(v, &s);
    v->c->says = says;
    form_refused(v);
    if (takes.keys_n > 0)
        passkeys_ask(v,
                     &(struct passkeys_ask){
                         .action = STR("/sign-in/key"),
                         .challenge = step,
                         .keys = takes.keys,
                         .keys_n = takes.keys_n,
                         .now = !takes.authenticator && says.n == 0,
                         .words = STR("Your password is right. Now show that it is you."),
                         .without = STR("Your passkeys take the one small script of this page, and it does not run in "
                                        "your browser. A code works without."),
                         .next = next_of(v),
                     });
    put_code(v, step, takes.authenticator);
    return layout_end(v, &s);
}

static enum err let_in(struct visit *v, const struct sign_in *in)
{
    cookie_set_session(v, in->secret);
    return visit_go(v, in->account->active ? next_of(v) : STR("/waiting"));
}

enum err page_sign_in_send(struct visit *v)
{
    struct sign_in in = { 0 };
    enum err e =
        auth_sign_in(v->c, visit_param(v, "login"), visit_param(v, "password"), http_header(v->q, "user-agent"), &in);
    if (form_takes(v, e))
        return show_sign_in(v);
    TRY(e);
    return in.step == SIGN_IN_NEEDS_CODE ? show_step(v, in.secret) : let_in(v, &in);
}

/* Too late for this step: from the beginning. Wrong: once more. */
static enum err after_step(struct visit *v, struct str step, enum err e, const struct sign_in *in)
{
    if (e == ERR_GONE && form_takes(v, e))
        return show_sign_in(v);
    if (form_takes(v, e))
        return show_step(v, step);
    TRY(e);
    return let_in(v, in);
}

enum err page_sign_in_code(struct visit *v)
{
    struct sign_in in = { 0 };
    struct str step = visit_param(v, "step");
    enum err e = auth_sign_in_code(v->c, step, visit_param(v, "code"), http_header(v->q, "user-agent"), &in);
    return after_step(v, step, e, &in);
}

enum err page_sign_in_key(struct visit *v)
{
    struct sign_in in = { 0 };
    struct str step = visit_param(v, "step");
    struct webauthn_proof p = passkeys_proof(v);
    enum err e = passkey_sign_in_step(v->c, step, &p, http_header(v->q, "user-agent"), &in);
    return after_step(v, step, e, &in);
}

enum err page_passkey_ask(struct visit *v)
{
    const struct sheet s = { .title = STR("Sign in with a passkey"), .nav = "enter", .alone = true };
    struct str challenge = { 0 };
    enum err e = passkey_ask(v->c, v->bound_to, &challenge);
    if (form_takes(v, e))
        return show_sign_in(v);
    TRY(e);
    v->secret = true;
    passkeys_script(v);
    layout_begin(v, &s);
    passkeys_ask(v,
                 &(struct passkeys_ask){
                     .action = STR("/sign-in/passkey/enter"),
                     .challenge = challenge,
                     .alone = true,
                     .now = true,
                     .words = STR("Your device asks you now. If it does not, or you called it off, press the button."),
                     .without = STR("Passkeys take the one small script of this page, and it does not run in your "
                                    "browser."),
                     .next = next_of(v),
                 });
    struct str next = http_percent_encode(v->c->arena, next_of(v));
    hw_open_class(&v->w, "p", STR("sheet"));
    hw_link(&v->w, arena_strf(v->c->arena, "/sign-in?again=1&next=" STR_FMT, STR_ARG(next)),
            STR("Sign in with your password"));
    hw_close(&v->w, "p");
    return layout_end(v, &s);
}

enum err page_passkey_enter(struct visit *v)
{
    struct sign_in in = { 0 };
    struct webauthn_proof p = passkeys_proof(v);
    enum err e = passkey_sign_in(v->c, v->bound_to, &p, http_header(v->q, "user-agent"), &in);
    if (form_takes(v, e))
        return show_sign_in(v);
    TRY(e);
    return let_in(v, &in);
}

enum err page_sign_out(struct visit *v)
{
    TRY(session_end_mine(v->c));
    cookie_clear_session(v);
    return visit_go(v, STR("/"));
}

static enum err show_reset_ask(struct visit *v)
{
    const struct sheet s = { .title = STR("A new password"), .nav = "enter", .alone = true };
    layout_begin(v, &s);
    form_open(v, STR("/reset"), STR("sheet"));
    form_refused(v);
    form_field(v, &(struct field){ .name = "email",
                                   .label = "E-mail address",
                                   .type = "email",
                                   .autocomplete = "email",
                                   .hint = STR("We send a link to it with which you choose a new password."),
                                   .value = visit_param(v, "email"),
                                   .required = true });
    form_submit(v, STR("Send the link"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_reset_ask(struct visit *v)
{
    return show_reset_ask(v);
}

enum err page_reset_ask_send(struct visit *v)
{
    const struct sheet s = { .title = STR("Look into your mail"), .nav = "enter", .alone = true };
    enum err e = auth_reset_ask(v->c, visit_param(v, "email"));
    if (form_takes(v, e))
        return show_reset_ask(v);
    TRY(e);
    layout_begin(v, &s);
    hw_open_class(&v->w, "div", STR("prose"));
    hw_el_class(&v->w, "p", STR("lead"),
                STR("If a member has this address, a link is on its way. It works for two hours."));
    hw_close(&v->w, "div");
    return layout_end(v, &s);
}

static enum err show_reset(struct visit *v)
{
    const struct sheet s = { .title = STR("Choose a new password"), .nav = "enter", .alone = true };
    v->secret = true;
    layout_begin(v, &s);
    form_open(v, arena_strf(v->c->arena, "/reset/" STR_FMT, STR_ARG(v->q->args[0])), STR("sheet"));
    form_refused(v);
    form_field(v, &(struct field){ .name = "password",
                                   .label = "New password",
                                   .type = "password",
                                   .autocomplete = "new-password",
                                   .hint = STR("At least 8 characters. You are signed out everywhere else."),
                                   .max = PASSWORD_MAX,
                                   .required = true });
    form_submit(v, STR("Use this password"));
    form_close(v);
    return layout_end(v, &s);
}

enum err page_reset(struct visit *v)
{
    TRY(auth_reset_check(v->c, v->q->args[0]));
    return show_reset(v);
}

enum err page_reset_send(struct visit *v)
{
    enum err e = auth_reset(v->c, v->q->args[0], visit_param(v, "password"));
    if (e != ERR_GONE && form_takes(v, e))
        return show_reset(v);
    TRY(e);
    cookie_clear_session(v);
    return visit_go(v, STR("/sign-in?said=password"));
}
