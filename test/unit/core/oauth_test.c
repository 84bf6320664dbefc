/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oauth.h"

#include "check.h"
#include "core/scope.h"
#include "core/secret.h"
#include "feed/feed.h"
#include "world.h"

#define BACK STR("https://app.example/back?x=1")

static struct app *app_new(struct ctx *c, struct str uri, struct str scopes, struct str *secret)
{
    struct app *app = NULL;
    struct oauth_app_form f = { .name = STR("Test"), .redirect_uris = &uri, .redirect_uris_n = 1, .scopes = scopes };
    MUST(oauth_app_register(c, &f, &app, secret), c);
    return app;
}

static bool registers(struct ctx *c, struct str uri)
{
    struct app *app = NULL;
    struct str secret = { 0 };
    struct oauth_app_form f = { .name = STR("Test"), .redirect_uris = &uri, .redirect_uris_n = 1 };
    return oauth_app_register(c, &f, &app, &secret) == OK;
}

static void takes_the_redirect_uris_of_real_clients(struct ctx *c)
{
    CHECK(registers(c, STR(OAUTH_OOB)));
    CHECK(registers(c, STR("oauth2redirect://com.keylesspalace.tusky/")));
    CHECK(registers(c, STR("org.joinmastodon.android-auth://callback")));
    CHECK(registers(c, STR("https://elk.example/api/harbour.example/oauth/https%3A%2F%2Felk.example")));
    CHECK(registers(c, STR("http://localhost:5173/")));
    CHECK(!registers(c, STR("javascript:alert(1)")) && !registers(c, STR("JavaScript:alert(1)")));
    CHECK(!registers(c, STR("data:text/html,x")) && !registers(c, STR("/relative")) && !registers(c, STR("https:")));
    CHECK(!registers(c, STR("https://app.example/#fragment")) && !registers(c, STR("https://")));
    CHECK(!registers(c, STR("https://app.example/ space")) && !registers(c, STR("https://app.example/\n")));
}

/* RFC 7636, appendix B */
static void proves_keys_as_the_rfc_does(void)
{
    struct str verifier = STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    struct str challenge = STR("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    CHECK(oauth_pkce_ok(verifier, challenge));
    CHECK(!oauth_pkce_ok(STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"), challenge));
    CHECK(!oauth_pkce_ok(STR("short"), challenge) && !oauth_pkce_ok((struct str){ 0 }, challenge));
    CHECK(!oauth_pkce_ok(verifier, STR("")));
}

static struct oauth_ask ask_of(const struct app *app, struct str uri)
{
    return (struct oauth_ask){
        .response_type = STR("code"), .client_id = app->client_id, .redirect_uri = uri, .scope = STR("read write")
    };
}

static void grants_a_code_that_works_once(struct ctx *c)
{
    struct str secret = { 0 };
    struct app *app = app_new(c, BACK, STR("read write"), &secret);
    struct oauth_request r = { 0 };
    struct oauth_answer answer = { 0 };
    struct oauth_token t = { 0 };
    struct session *s = NULL;
    struct account *me = NULL;
    struct oauth_ask ask = ask_of(app, BACK);
    ask.state = STR("a b&c");
    MUST(oauth_authorize_check(c, &ask, &r), c);
    CHECK(r.refused_url.p == NULL && !r.oob);
    CHECK(str_eq(oauth_form_action(c, &r), STR("https://app.example")));
    MUST(oauth_grant(c, &r, &answer), c);
    CHECK(str_starts(answer.url, STR("https://app.example/back?x=1&code="))
          && str_ends(answer.url, STR("&state=a%20b%26c")));

    struct oauth_token_ask ta = { .grant_type = STR("authorization_code"),
                                  .client_id = app->client_id,
                                  .client_secret = secret,
                                  .code = answer.code,
                                  .redirect_uri = STR("https://app.example/back") };
    CHECK(oauth_token(c, &ta, &t) == ERR_MALFORMED && str_eq(t.error, STR("invalid_grant"))); /* not byte for byte */
    ta.redirect_uri = BACK;
    ta.client_secret = STR("wrong");
    CHECK(oauth_token(c, &ta, &t) == ERR_UNAUTHENTICATED && str_eq(t.error, STR("invalid_client")));
    ta.client_secret = secret;
    MUST(oauth_token(c, &ta, &t), c);
    CHECK(str_eq(t.scope, STR("read write")));
    MUST(feed_session(c, secret_hash(c->arena, t.secret), &s, &me), c);
    CHECK(me->id == c->me->id && s->app_id == app->id && scope_covers(s->scopes, SCOPE_WRITE_STATUSES));
    CHECK(!scope_covers(s->scopes, SCOPE_PUSH));
    CHECK(oauth_token(c, &ta, &t) == ERR_MALFORMED && str_eq(t.error, STR("invalid_grant")));

    MUST(oauth_grant(c, &r, &answer), c);
    c->now_ms += OAUTH_CODE_LASTS_MS;
    ta.code = answer.code;
    CHECK(oauth_token(c, &ta, &t) == ERR_MALFORMED);
}

static void a_challenge_needs_its_verifier(struct ctx *c)
{
    struct str secret = { 0 };
    struct app *app = app_new(c, STR(OAUTH_OOB), STR("read write"), &secret);
    struct oauth_request r = { 0 };
    struct oauth_answer answer = { 0 };
    struct oauth_token t = { 0 };
    struct oauth_ask ask = ask_of(app, STR(OAUTH_OOB));
    ask.code_challenge = STR("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    ask.code_challenge_method = STR("plain");
    CHECK(oauth_authorize_check(c, &ask, &r) == ERR_INVALID);
    ask.code_challenge_method = STR("S256");
    MUST(oauth_authorize_check(c, &ask, &r), c);
    MUST(oauth_grant(c, &r, &answer), c);
    CHECK(answer.url.p == NULL && answer.code.n == 43);
    struct oauth_token_ask ta = { .grant_type = STR("authorization_code"),
                                  .client_id = app->client_id,
                                  .client_secret = secret,
                                  .code = answer.code,
                                  .redirect_uri = STR(OAUTH_OOB) };
    CHECK(oauth_token(c, &ta, &t) == ERR_MALFORMED && str_eq(t.error, STR("invalid_grant")));
    ta.code_verifier = STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    MUST(oauth_token(c, &ta, &t), c);
}

static void wrong_requests_go_back_or_stay_here(struct ctx *c)
{
    struct str secret = { 0 };
    struct app *app = app_new(c, BACK, STR("read"), &secret);
    struct oauth_request r = { 0 };
    struct oauth_answer answer = { 0 };
    struct oauth_ask ask = ask_of(app, BACK);
    MUST(oauth_authorize_check(c, &ask, &r), c); /* write was not registered: the app is told */
    CHECK(str_starts(r.refused_url, STR("https://app.example/back?x=1&error=invalid_scope&error_description=")));
    ask.redirect_uri = STR("https://evil.example/");
    CHECK(oauth_authorize_check(c, &ask, &r) == ERR_INVALID); /* never sent there */
    ask.client_id = STR("nobody");
    CHECK(oauth_authorize_check(c, &ask, &r) == ERR_INVALID && str_starts(c->says, STR("This app is not registered")));
    ask = ask_of(app, BACK);
    ask.scope = STR("");
    MUST(oauth_authorize_check(c, &ask, &r), c);
    CHECK(str_eq(r.scope, STR("read")));
    MUST(oauth_deny(c, &r, &answer), c);
    CHECK(str_starts(answer.url, STR("https://app.example/back?x=1&error=access_denied")));
}

static void client_credentials_have_no_member(struct ctx *c)
{
    struct str secret = { 0 };
    struct str other_secret = { 0 };
    struct app *app = app_new(c, STR(OAUTH_OOB), STR("read write:statuses"), &secret);
    struct app *other = app_new(c, STR(OAUTH_OOB), STR("read"), &other_secret);
    struct oauth_token t = { 0 };
    struct session *s = NULL;
    struct account *me = NULL;
    struct oauth_token_ask ta = { .grant_type = STR("client_credentials"),
                                  .client_id = app->client_id,
                                  .client_secret = secret };
    MUST(oauth_token(c, &ta, &t), c);
    CHECK(str_eq(t.scope, STR("read")));
    MUST(feed_session(c, secret_hash(c->arena, t.secret), &s, &me), c);
    CHECK(me == NULL && s->app_id == app->id);
    ta.scope = STR("write");
    struct oauth_token wide = { 0 };
    CHECK(oauth_token(c, &ta, &wide) == ERR_MALFORMED && str_eq(wide.error, STR("invalid_scope")));
    ta.grant_type = STR("password"); /* only with site->testing */
    CHECK(oauth_token(c, &ta, &wide) == ERR_MALFORMED && str_eq(wide.error, STR("unsupported_grant_type")));

    CHECK(oauth_revoke(c, other->client_id, other_secret, t.secret) == ERR_FORBIDDEN);
    CHECK(oauth_revoke(c, app->client_id, STR("wrong"), t.secret) == ERR_FORBIDDEN);
    MUST(oauth_revoke(c, app->client_id, secret, t.secret), c);
    CHECK(feed_session(c, secret_hash(c->arena, t.secret), &s, &me) == ERR_UNAUTHENTICATED);
    MUST(oauth_revoke(c, app->client_id, secret, t.secret), c); /* an unknown token is fine */
}

static void scopes_imply_narrower_ones(void)
{
    uint64_t bits = 0;
    CHECK(scope_parse(STR("read"), &bits) && scope_covers(bits, SCOPE_READ_STATUSES | SCOPE_PROFILE));
    CHECK(!scope_covers(bits, SCOPE_WRITE_STATUSES));
    CHECK(scope_parse(STR("follow"), &bits) && scope_covers(bits, SCOPE_WRITE_FOLLOWS | SCOPE_READ_BLOCKS));
    CHECK(!scope_covers(bits, SCOPE_READ_ACCOUNTS));
    CHECK(scope_parse(STR("read:accounts"), &bits) && scope_covers(bits, SCOPE_PROFILE));
    CHECK(scope_parse(STR("profile"), &bits) && !scope_covers(bits, SCOPE_READ_ACCOUNTS));
    CHECK(scope_parse(STR("read+write push"), &bits) && scope_covers(bits, SCOPE_PUSH | SCOPE_WRITE_ALL));
    CHECK(!scope_parse(STR("read everything"), &bits) && !scope_parse(STR("read,write"), &bits));
    struct arena *a = arena_new();
    CHECK(str_eq(scope_tidy(a, STR("  read write  read ")), STR("read write")));
    arena_free(&a);
}

int main(void)
{
    struct world w;
    world_open(&w);
    struct ctx *c = &w.c;
    c->me = world_member(c, "anna");
    takes_the_redirect_uris_of_real_clients(c);
    proves_keys_as_the_rfc_does();
    grants_a_code_that_works_once(c);
    a_challenge_needs_its_verifier(c);
    wrong_requests_go_back_or_stay_here(c);
    client_credentials_have_no_member(c);
    scopes_imply_narrower_ones();
    world_close(&w);
    return check_done();
}
