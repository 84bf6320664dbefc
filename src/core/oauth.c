/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oauth.h"

#include <ctype.h>
#include <jansson.h>
#include <sodium.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/jw.h"
#include "core/auth.h"
#include "core/limit.h"
#include "core/scope.h"
#include "core/secret.h"
#include "core/session.h"
#include "core/ticket.h"
#include "feed/feed.h"
#include "model/site.h"
#include "store/account.h"
#include "store/app.h"
#include "store/session.h"
#include "store/ticket.h"
#include "store/tx.h"

/* --- PKCE --- */

static bool verifier_ok(struct str v)
{
    if (v.n < 43 || v.n > 128)
        return false;
    for (size_t i = 0; i < v.n; i++)
        if (!isalnum((unsigned char)v.p[i]) && strchr("-._~", v.p[i]) == NULL)
            return false;
    return true;
}

bool oauth_pkce_ok(struct str verifier, struct str challenge)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    if (!verifier_ok(verifier))
        return false;
    (void)crypto_hash_sha256(hash, (const unsigned char *)verifier.p, verifier.n);
    (void)sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return challenge.n == sizeof text - 1 && sodium_memcmp(text, challenge.p, challenge.n) == 0;
}

/* --- the page --- */

static void put_encoded(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (isalnum(ch) || (ch != 0 && strchr("-._~", ch) != NULL))
            buf_putc(b, (char)ch);
        else
            buf_printf(b, "%%%02X", ch);
    }
}

static void put_param(struct buf *b, char *gap, const char *name, struct str value)
{
    buf_putc(b, *gap);
    buf_put(b, str_c(name));
    buf_putc(b, '=');
    put_encoded(b, value);
    *gap = '&';
}

static bool contains(struct str s, char ch)
{
    return s.n > 0 && memchr(s.p, ch, s.n) != NULL;
}

/* The redirect URI as it is, with parameters behind it. */
static struct str answer_url(struct ctx *c, struct str uri, struct str state, const char *name, struct str value,
                             struct str description)
{
    struct buf b = buf_on(c->arena);
    char gap = contains(uri, '?') ? '&' : '?';
    buf_put(&b, uri);
    put_param(&b, &gap, name, value);
    if (description.n > 0)
        put_param(&b, &gap, "error_description", description);
    if (state.p != NULL)
        put_param(&b, &gap, "state", state);
    return buf_str(&b);
}

static bool is_registered(const struct app *a, struct str uri)
{
    struct str rest = a->redirect_uris;
    for (struct str line = { 0 }; str_cut(&rest, '\n', &line);)
        if (str_eq(line, uri))
            return true;
    return false;
}

/* What is wrong so that the client should know: an error of RFC 6749 4.1.2.1; NULL when nothing is. */
static const char *judge_ask(const struct oauth_ask *ask, struct str scope, const struct app *app, const char **why)
{
    uint64_t asked = 0;
    uint64_t granted = 0;
    if (!str_eq(ask->response_type, STR("code"))) {
        *why = "The authorization server does not support this response type.";
        return "unsupported_response_type";
    }
    if (!scope_parse(scope, &asked) || !scope_parse(app->scopes, &granted) || !scope_covers(granted, asked)) {
        *why = "The requested scope is invalid, unknown, or malformed.";
        return "invalid_scope";
    }
    bool plain = ask->code_challenge.n > 0 && !str_eq(ask->code_challenge_method, STR("S256"));
    if (plain || (ask->code_challenge.n == 0 && ask->code_challenge_method.n > 0)) {
        *why = "The code challenge method must be S256.";
        return "invalid_request";
    }
    return NULL;
}

enum err oauth_authorize_check(struct ctx *c, const struct oauth_ask *ask, struct oauth_request *out)
{
    struct app *app = NULL;
    const char *why = "";
    *out = (struct oauth_request){ 0 };
    TRY(store_app_find_client(c, ask->client_id, &app));
    if (app == NULL)
        return fail(c, ERR_INVALID, /* not 404, whose page says nothing of apps */
                    "This app is not registered here. Remove the account from the app and add it again.");
    if (!is_registered(app, ask->redirect_uri))
        return fail(c, ERR_INVALID, "The redirect uri included is not valid.");
    if (ask->state.n > OAUTH_STATE_MAX)
        return fail(c, ERR_INVALID, "The state that the app sent is too long");
    struct str scope = scope_tidy(c->arena, ask->scope);
    *out = (struct oauth_request){
        .app = app,
        .redirect_uri = ask->redirect_uri,
        .oob = str_eq(ask->redirect_uri, STR(OAUTH_OOB)),
        .scope = scope.n > 0 ? scope : STR("read"),
        .state = ask->state,
        .challenge = ask->code_challenge.n > 0 ? ask->code_challenge : (struct str){ 0 },
    };
    const char *error = judge_ask(ask, out->scope, app, &why);
    if (error == NULL)
        return OK;
    if (out->oob)
        return fail(c, ERR_INVALID, "%s", why);
    out->refused_url = answer_url(c, ask->redirect_uri, ask->state, "error", str_c(error), str_c(why));
    return OK;
}

static struct str code_data(struct ctx *c, const struct oauth_request *r)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kid(&w, STR("app"), r->app->id);
    jw_kstr(&w, STR("redirect_uri"), r->redirect_uri);
    jw_kstr(&w, STR("scope"), r->scope);
    jw_knull_str(&w, STR("challenge"), r->challenge);
    jw_obj_end(&w);
    return jw_end(&w);
}

enum err oauth_grant(struct ctx *c, const struct oauth_request *r, struct oauth_answer *out)
{
    TX tx = { 0 };
    *out = (struct oauth_answer){ 0 };
    if (c->me == NULL || !c->me->active)
        return fail(c, ERR_UNAUTHENTICATED, "Sign in first");
    TRY(tx_begin(c, &tx));
    TRY(ticket_issue(c, TICKET_CODE, c->me->id, code_data(c, r), OAUTH_CODE_LASTS_MS, &out->code));
    TRY(tx_commit(&tx));
    if (!r->oob)
        out->url = answer_url(c, r->redirect_uri, r->state, "code", out->code, STR(""));
    return OK;
}

enum err oauth_deny(struct ctx *c, const struct oauth_request *r, struct oauth_answer *out)
{
    *out = (struct oauth_answer){ 0 };
    if (!r->oob)
        out->url = answer_url(c, r->redirect_uri, r->state, "error", STR("access_denied"),
                              STR("The resource owner or authorization server denied the request."));
    return OK;
}

struct str oauth_form_action(struct ctx *c, const struct oauth_request *r)
{
    struct str rest = r->redirect_uri;
    struct str scheme = { 0 };
    if (r->oob)
        return (struct str){ 0 };
    (void)str_cut(&rest, ':', &scheme);
    bool web = str_eq_nocase(scheme, STR("http")) || str_eq_nocase(scheme, STR("https"));
    if (!web || !str_starts(rest, STR("//")))
        return arena_strf(c->arena, STR_FMT ":", STR_ARG(scheme));
    rest = str_skip(rest, 2);
    size_t n = 0;
    while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?' && rest.p[n] != ';' && rest.p[n] != ',')
        n++;
    return arena_strf(c->arena, STR_FMT "://" STR_FMT, STR_ARG(scheme), STR_ARG(str_head(rest, n)));
}

/* --- tokens --- */

static enum err deny(struct ctx *c, struct oauth_token *out, enum err e, const char *error, const char *why)
{
    out->error = str_c(error);
    return fail(c, e, "%s", why);
}

#define SAYS_CLIENT                                                                                          \
    "Client authentication failed due to unknown client, no client authentication included, or unsupported " \
    "authentication method."
#define SAYS_GRANT                                                                                                   \
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the " \
    "authorization request, or was issued to another client."
#define SAYS_SCOPE "The requested scope is invalid, unknown, or malformed."

static enum err find_client(struct ctx *c, struct str id, struct str secret, struct app **out)
{
    TRY(store_app_find_client(c, id, out));
    struct str hash = secret_hash(c->arena, secret);
    bool right = *out != NULL && (*out)->secret.n == hash.n && sodium_memcmp((*out)->secret.p, hash.p, hash.n) == 0;
    if (!right)
        *out = NULL;
    return OK;
}

/* Opens the session inside the caller's transaction; the rest of `out` after the commit. */
static struct session_new session_for(const struct app *app, int64_t account_id, struct str scope,
                                      struct str user_agent)
{
    struct session_new n = {
        .session = { .account_id = account_id, .app_id = app->id, .scope_text = scope, .user_agent = user_agent },
    };
    (void)scope_parse(scope, &n.session.scopes); /* checked when it was asked for */
    return n;
}

static void tell(struct ctx *c, const struct session_new *n, struct oauth_token *out)
{
    session_opened(c, n);
    out->secret = n->secret;
    out->scope = n->session.scope_text;
    out->created_ms = n->session.created_ms;
}

/* The scope asked for, or `otherwise`, if the app may have it. */
static bool choose_scope(struct ctx *c, const struct app *app, struct str asked, struct str otherwise, struct str *out)
{
    uint64_t want = 0;
    uint64_t have = 0;
    struct str tidy = scope_tidy(c->arena, asked);
    *out = tidy.n > 0 ? tidy : otherwise;
    return scope_parse(*out, &want) && scope_parse(app->scopes, &have) && scope_covers(have, want);
}

enum err oauth_token_for(struct ctx *c, const struct app *app, const struct account *a, struct str scope,
                         struct str user_agent, struct oauth_token *out)
{
    TX tx = { 0 };
    struct str granted = { 0 };
    if (!choose_scope(c, app, scope, app->scopes, &granted))
        return deny(c, out, ERR_MALFORMED, "invalid_scope", SAYS_SCOPE);
    struct session_new n = session_for(app, a == NULL ? 0 : a->id, granted, user_agent);
    TRY(tx_begin(c, &tx));
    TRY(session_open(c, &n));
    TRY(tx_commit(&tx));
    tell(c, &n, out);
    return OK;
}

/* What oauth_grant wrote into the ticket. */
struct code {
    int64_t app_id;
    struct str redirect_uri;
    struct str scope;
    struct str challenge;
};

static struct str text_at(struct ctx *c, const json_t *j, const char *key)
{
    const json_t *v = json_object_get(j, key);
    struct str s = { json_string_value(v), json_string_length(v) };
    return s.p == NULL ? s : arena_str(c->arena, s);
}

static struct code code_read(struct ctx *c, const struct ticket *t)
{
    json_t *j = json_loadb(t->data.p, t->data.n, 0, NULL);
    struct code code = {
        .redirect_uri = text_at(c, j, "redirect_uri"),
        .scope = text_at(c, j, "scope"),
        .challenge = text_at(c, j, "challenge"),
    };
    (void)id_parse(text_at(c, j, "app"), &code.app_id);
    json_decref(j);
    return code;
}

static enum err exchange_code(struct ctx *c, const struct app *app, const struct oauth_token_ask *ask,
                              struct oauth_token *out)
{
    TX tx = { 0 };
    struct ticket *t = NULL;
    enum err found = ticket_get(c, TICKET_CODE, ask->code, &t);
    if (found == ERR_GONE)
        return deny(c, out, ERR_MALFORMED, "invalid_grant", SAYS_GRANT);
    TRY(found);
    struct code code = code_read(c, t);
    bool ours = code.app_id == app->id && str_eq(code.redirect_uri, ask->redirect_uri);
    bool proved = code.challenge.p == NULL || oauth_pkce_ok(ask->code_verifier, code.challenge);
    if (!ours || !proved)
        return deny(c, out, ERR_MALFORMED, "invalid_grant", SAYS_GRANT);
    struct session_new n = session_for(app, t->account_id, code.scope, ask->user_agent);
    TRY(tx_begin(c, &tx));
    enum err used = store_ticket_use(c, t->id);
    if (used == ERR_CONFLICT)
        return deny(c, out, ERR_MALFORMED, "invalid_grant", SAYS_GRANT);
    TRY(used);
    TRY(session_open(c, &n));
    TRY(tx_commit(&tx));
    tell(c, &n, out);
    return OK;
}

/* Without a member: the app itself. */
static enum err exchange_client(struct ctx *c, const struct app *app, const struct oauth_token_ask *ask,
                                struct oauth_token *out)
{
    struct str scope = ask->scope.n > 0 ? ask->scope : STR("read");
    uint64_t want = 0;
    uint64_t have = 0;
    if (ask->scope.n == 0 && scope_parse(scope, &want) && scope_parse(app->scopes, &have) && !scope_covers(have, want))
        scope = app->scopes; /* "read" is the usual, but this app asked for less */
    return oauth_token_for(c, app, NULL, scope, ask->user_agent, out);
}

static enum err exchange_password(struct ctx *c, const struct app *app, const struct oauth_token_ask *ask,
                                  struct oauth_token *out)
{
    struct account *a = NULL;
    enum err e = auth_check(c, ask->username, ask->password, &a);
    if (e == ERR_INVALID || e == ERR_FORBIDDEN)
        return deny(c, out, ERR_MALFORMED, "invalid_grant", SAYS_GRANT);
    TRY(e);
    return oauth_token_for(c, app, a, ask->scope.n > 0 ? ask->scope : STR("read"), ask->user_agent, out);
}

enum err oauth_token(struct ctx *c, const struct oauth_token_ask *ask, struct oauth_token *out)
{
    struct app *app = NULL;
    *out = (struct oauth_token){ 0 };
    TRY(limit_address(c, LIMIT_TOKEN_ADDRESS));
    TRY(find_client(c, ask->client_id, ask->client_secret, &app));
    if (app == NULL)
        return deny(c, out, ERR_UNAUTHENTICATED, "invalid_client", SAYS_CLIENT);
    if (str_eq(ask->grant_type, STR("authorization_code")))
        return exchange_code(c, app, ask, out);
    if (str_eq(ask->grant_type, STR("client_credentials")))
        return exchange_client(c, app, ask, out);
    if (str_eq(ask->grant_type, STR("password")) && c->site->testing)
        return exchange_password(c, app, ask, out);
    return deny(c, out, ERR_MALFORMED, "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.");
}

enum err oauth_revoke(struct ctx *c, struct str client_id, struct str client_secret, struct str token)
{
    TX tx = { 0 };
    struct app *app = NULL;
    struct session *s = NULL;
    TRY(limit_address(c, LIMIT_TOKEN_ADDRESS));
    TRY(find_client(c, client_id, client_secret, &app));
    if (app == NULL)
        return fail(c, ERR_FORBIDDEN, "You are not authorized to revoke this token");
    TRY(store_session_find_hash(c, secret_hash(c->arena, token), &s));
    if (s == NULL)
        return OK;
    if (s->app_id != app->id)
        return fail(c, ERR_FORBIDDEN, "You are not authorized to revoke this token");
    TRY(tx_begin(c, &tx));
    TRY(store_session_delete(c, s));
    TRY(tx_commit(&tx));
    feed_session_ended(c->feed, s->hash);
    return OK;
}
