/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oauth.h"
#include "core/scope.h"
#include "model/account.h"
#include "model/session.h"
#include "pages/form.h"
#include "pages/layout.h"
#include "pages/routes.h"

/* GET and POST /oauth/authorize (RFC 6749, 4.1.1): may this app act for me? The address is the clients', so its errors
   are shown here unless the client is known and its redirect address is its own. */

static const char *const asked[] = { "response_type", "client_id",      "redirect_uri",         "scope",
                                     "state",         "code_challenge", "code_challenge_method" };

static struct oauth_ask read_ask(const struct visit *v)
{
    return (struct oauth_ask){
        .response_type = visit_param(v, "response_type"),
        .client_id = visit_param(v, "client_id"),
        .redirect_uri = visit_param(v, "redirect_uri"),
        .scope = visit_param(v, "scope"),
        .state = http_param(v->q, "state"),
        .code_challenge = visit_param(v, "code_challenge"),
        .code_challenge_method = visit_param(v, "code_challenge_method"),
    };
}

/* The same request without force_login, so that it does not ask for ever. */
static struct str self(const struct visit *v)
{
    struct buf b = buf_on(v->c->arena);
    buf_put(&b, STR("/oauth/authorize?"));
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct str value = http_param(v->q, asked[i]);
        if (value.p == NULL)
            continue;
        buf_printf(&b, "%s=" STR_FMT "&", asked[i], STR_ARG(http_percent_encode(v->c->arena, value)));
    }
    return str_head(buf_str(&b), b.n - 1);
}

static enum err sign_in_first(struct visit *v, bool again)
{
    return visit_go(v, arena_strf(v->c->arena, "/sign-in?%snext=" STR_FMT, again ? "again=1&" : "",
                                  STR_ARG(http_percent_encode(v->c->arena, self(v)))));
}

static void put_scopes(struct visit *v, struct str scope)
{
    struct hw *w = &v->w;
    struct str name = { 0 };
    hw_open(w, "ul");
    while (str_cut(&scope, ' ', &name)) {
        struct str phrase = scope_phrase(name);
        hw_open(w, "li");
        hw_text(w, phrase.n > 0 ? phrase : name);
        hw_close(w, "li");
    }
    hw_close(w, "ul");
}

static enum err show_question(struct visit *v, const struct oauth_request *ask)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Let this app in?"), .alone = true };
    struct str goes = oauth_form_action(v->c, ask);
    v->secret = true;
    v->form_goes = goes;
    layout_begin(v, &s);
    form_open(v, STR("/oauth/authorize"), STR("sheet"));
    hw_open_class(w, "p", STR("lead"));
    hw_open(w, "b");
    hw_attr(w, "dir", STR("auto"));
    hw_text(w, ask->app->name);
    hw_close(w, "b");
    hw_text(w, STR(" asks to act for you, @"));
    hw_text(w, v->c->me->username);
    hw_text(w, STR(". It wants to:"));
    hw_close(w, "p");
    put_scopes(v, ask->scope);
    if (ask->oob)
        hw_el_class(w, "p", STR("hint"), STR("You will get a code to type into the app."));
    else
        hw_el_class(w, "p", STR("hint"),
                    arena_strf(v->c->arena, "Afterwards you go back to " STR_FMT " .", STR_ARG(goes)));
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
        if (http_param(v->q, asked[i]).p != NULL)
            form_hidden(v, asked[i], http_param(v->q, asked[i]));
    hw_open_class(w, "div", STR("row"));
    form_button(v, STR("btn p"), "answer", STR("allow"), STR("Allow"));
    form_button(v, STR("btn"), "answer", STR("deny"), STR("Deny"));
    hw_close(w, "div");
    hw_open_class(w, "p", STR("hint"));
    hw_void(w, "br");
    hw_text(w, STR("You can end this later under Settings, Sessions. Not you? "));
    hw_link(
        w,
        arena_strf(v->c->arena, "/sign-in?again=1&next=" STR_FMT, STR_ARG(http_percent_encode(v->c->arena, self(v)))),
        STR("Use another account"));
    hw_close(w, "p");
    form_close(v);
    return layout_end(v, &s);
}

/* The address of an app, of any scheme: not one of ours, and so not by visit_go. */
static enum err go_to_app(struct visit *v, struct str url)
{
    http_res_redirect(v->r, 302, url);
    return OK;
}

enum err page_authorize(struct visit *v)
{
    struct oauth_request ask = { 0 };
    const struct oauth_ask sent = read_ask(v);
    TRY(oauth_authorize_check(v->c, &sent, &ask));
    if (ask.refused_url.p != NULL)
        return go_to_app(v, ask.refused_url);
    bool force = http_bool(v->q, "force_login", false);
    if (v->c->me == NULL || force)
        return sign_in_first(v, force);
    if (!v->c->me->active)
        return visit_go(v, STR("/waiting"));
    return show_question(v, &ask);
}

static enum err show_end(struct visit *v, struct str title, struct str words)
{
    const struct sheet s = { .title = title, .alone = true };
    layout_begin(v, &s);
    hw_open_class(&v->w, "div", STR("prose"));
    hw_el_class(&v->w, "p", STR("lead"), words);
    hw_close(&v->w, "div");
    return layout_end(v, &s);
}

enum err page_authorize_send(struct visit *v)
{
    struct oauth_request ask = { 0 };
    struct oauth_answer answer = { 0 };
    const struct oauth_ask sent = read_ask(v);
    TRY(oauth_authorize_check(v->c, &sent, &ask));
    if (ask.refused_url.p != NULL)
        return go_to_app(v, ask.refused_url);
    bool allowed = str_eq(visit_param(v, "answer"), STR("allow"));
    TRY(allowed ? oauth_grant(v->c, &ask, &answer) : oauth_deny(v->c, &ask, &answer));
    v->form_goes = oauth_form_action(v->c, &ask);
    v->secret = true;
    if (answer.url.p != NULL)
        return go_to_app(v, answer.url);
    if (!allowed)
        return show_end(v, STR("Not let in"), STR("The app got nothing. You can close this page."));
    return visit_go(v, arena_strf(v->c->arena, "/oauth/authorize/native?code=" STR_FMT,
                                  STR_ARG(http_percent_encode(v->c->arena, answer.code))));
}

enum err page_authorize_native(struct visit *v)
{
    struct hw *w = &v->w;
    const struct sheet s = { .title = STR("Your code"), .alone = true };
    struct str code = visit_param(v, "code");
    v->secret = true;
    if (code.n == 0)
        return fail(v->c, ERR_MALFORMED, "There is no code in this address. Sign in again from the app that sent you.");
    layout_begin(v, &s);
    hw_open_class(w, "div", STR("prose"));
    hw_el(w, "p", STR("Copy this code into the app. It works once, for ten minutes. Give it to nobody else."));
    hw_open(w, "p");
    hw_el_class(w, "code", STR("key"), code);
    hw_close(w, "p");
    hw_close(w, "div");
    return layout_end(v, &s);
}
