/* SPDX-License-Identifier: Apache-2.0 */
/* Apps, tokens, accounts and the instance through the dispatcher: routes, scopes, errors and limits; without sockets.
 */
#include <jansson.h>
#include <stdlib.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/limiter.h"
#include "check.h"
#include "core/auth.h"
#include "core/site.h"
#include "feed/feed.h"
#include "net/http.h"
#include "world.h"

#define REPLIES_MAX 1000
static json_t *replies[REPLIES_MAX]; /* all of them, freed at the end */
static size_t replies_n;

struct reply {
    int status;
    json_t *json; /* NULL: none */
    struct http_res res;
};

/* One request as the server would hand it over; params in query form. */
static struct reply call(struct ctx *c, enum http_method m, const char *path, const char *token, const char *params)
{
    struct http_param *list = NULL;
    struct http_req q = { .arena = c->arena, .method = m, .path = str_c(path), .query = str_c(params) };
    struct reply r = { .res = { .arena = c->arena } };
    q.target = arena_strf(c->arena, "%s?%s", path, params);
    q.token = token == NULL ? (struct str){ 0 } : str_c(token);
    (void)http_parse_query(c->arena, str_c(params), &list, &q.params_n);
    q.params = list;
    c->now_ms += 5;
    c->me = NULL;
    c->session = NULL;
    c->fields = NULL;
    c->says = (struct str){ 0 };
    c->retry_after_s = 0;
    api_dispatch(c, &q, &r.res);
    r.status = r.res.status;
    r.json = json_loadb(r.res.body.p, r.res.body.n, 0, NULL);
    if (replies_n == REPLIES_MAX)
        exit(1);
    replies[replies_n++] = r.json;
    return r;
}

static const char *text(const json_t *j, const char *key)
{
    const char *s = json_string_value(json_object_get(j, key));
    return s == NULL ? "(none)" : s;
}

static bool is(const json_t *j, const char *key, const char *want)
{
    return strcmp(text(j, key), want) == 0;
}

static bool has_all(const json_t *j, const char *keys)
{
    struct str rest = str_c(keys);
    for (struct str key = { 0 }; str_cut(&rest, ' ', &key);)
        if (json_object_getn(j, key.p, key.n) == NULL) {
            (void)printf("missing: " STR_FMT "\n", STR_ARG(key));
            return false;
        }
    return true;
}

#define strf(c, ...) (arena_strf((c)->arena, __VA_ARGS__).p)

struct known_app {
    const char *id;
    const char *secret;
    const char *token; /* of the app itself */
};

static struct known_app registers_an_app(struct ctx *c)
{
    struct reply r =
        call(c, HTTP_POST, "/api/v1/apps", NULL,
             "client_name=Test&redirect_uris=urn:ietf:wg:oauth:2.0:oob%0Ahttps://a.example/&scopes=read+write+follow");
    CHECK(r.status == 200);
    CHECK(has_all(r.json,
                  "id name website scopes redirect_uri redirect_uris client_id client_secret client_secret_expires_at"
                  " vapid_key"));
    CHECK(json_array_size(json_object_get(r.json, "redirect_uris")) == 2);
    CHECK(json_array_size(json_object_get(r.json, "scopes")) == 3);
    struct known_app app = { .id = text(r.json, "client_id"), .secret = text(r.json, "client_secret") };
    r = call(
        c, HTTP_POST, "/oauth/token", NULL,
        strf(c, "grant_type=client_credentials&scope=read+write&client_id=%s&client_secret=%s", app.id, app.secret));
    CHECK(r.status == 200 && is(r.json, "token_type", "Bearer") && is(r.json, "scope", "read write"));
    CHECK(json_is_integer(json_object_get(r.json, "created_at")));
    app.token = text(r.json, "access_token");
    r = call(c, HTTP_POST, "/oauth/token", NULL,
             strf(c, "grant_type=client_credentials&client_id=%s&client_secret=%sx", app.id, app.secret));
    CHECK(r.status == 401 && is(r.json, "error", "invalid_client") && has_all(r.json, "error_description"));
    CHECK(call(c, HTTP_GET, "/api/v1/apps/verify_credentials", app.token, "").status == 200);
    CHECK(call(c, HTTP_GET, "/api/v1/apps/verify_credentials", NULL, "").status == 401);
    return app;
}

static const char *signs_up(struct ctx *c, const struct known_app *app)
{
    struct reply r = call(c, HTTP_POST, "/api/v1/accounts", app->token, "username=admin&email=x&password=short");
    CHECK(r.status == 422);
    json_t *details = json_object_get(r.json, "details");
    CHECK(has_all(details, "username email password agreement"));
    CHECK(is(json_array_get(json_object_get(details, "agreement"), 0), "error", "ERR_ACCEPTED"));
    r = call(c, HTTP_POST, "/api/v1/accounts", app->token,
             "username=Ada&email=ada@mail.example&password=correct+horse&agreement=true&locale=en");
    CHECK(r.status == 200 && has_all(r.json, "access_token token_type scope created_at"));
    return text(r.json, "access_token");
}

static void asks_for_the_right_token(struct ctx *c, const struct known_app *app, const char *token)
{
    struct reply r = call(c, HTTP_GET, "/api/v1/accounts/verify_credentials", NULL, "");
    CHECK(r.status == 401 && is(r.json, "error", "The access token is invalid"));
    CHECK(call(c, HTTP_GET, "/api/v1/accounts/verify_credentials", "nonsense", "").status == 401);
    r = call(c, HTTP_GET, "/api/v1/accounts/verify_credentials", app->token, "");
    CHECK(r.status == 401 && is(r.json, "error", "This method requires an authenticated user"));
    r = call(c, HTTP_POST, "/oauth/token", NULL,
             strf(c, "grant_type=password&username=ada&password=correct+horse&scope=read&client_id=%s&client_secret=%s",
                  app->id, app->secret));
    CHECK(r.status == 200);
    const char *reader = text(r.json, "access_token");
    CHECK(call(c, HTTP_GET, "/api/v1/accounts/verify_credentials", reader, "").status == 200);
    r = call(c, HTTP_PATCH, "/api/v1/accounts/update_credentials", reader, "display_name=x");
    CHECK(r.status == 403 && is(r.json, "error", "This action is outside the authorized scopes"));
    CHECK(call(c, HTTP_POST, "/api/v1/accounts", token, "username=eve").status == 403);
    r = call(c, HTTP_POST, "/oauth/revoke", NULL,
             strf(c, "client_id=%s&client_secret=nonsense&token=%s", app->id, reader));
    CHECK(r.status == 403 && is(r.json, "error", "unauthorized_client"));
    struct str revoke = arena_strf(c->arena, "client_id=%s&client_secret=%s&token=%s", app->id, app->secret, reader);
    r = call(c, HTTP_POST, "/oauth/revoke", NULL, revoke.p);
    CHECK(r.status == 200 && json_object_size(r.json) == 0);
    CHECK(call(c, HTTP_GET, "/api/v1/accounts/verify_credentials", reader, "").status == 401);
}

static void shows_and_edits_the_member(struct ctx *c, const char *token)
{
    struct reply r = call(c, HTTP_GET, "/api/v1/accounts/verify_credentials", token, "");
    CHECK(has_all(r.json,
                  "acct avatar avatar_static bot created_at discoverable display_name emojis fields followers_count"
                  " following_count group header header_static hide_collections id indexable last_status_at locked"
                  " noindex note role roles source statuses_count uri url username"));
    CHECK(is(r.json, "acct", "ada") && is(r.json, "created_at", "2026-08-01T00:00:00.000Z"));
    r = call(c, HTTP_PUT, "/api/v1/accounts/update_credentials", token, /* PUT is PATCH */
             "display_name=Ada&note=hello+%23tag&locked=True&bot=0&source[privacy]=unlisted&source[sensitive]=1&source["
             "language]=de"
             "&fields_attributes[3][name]=a&fields_attributes[3][value]=b&fields_attributes[0][name]=c&fields_"
             "attributes[0][value]=d");
    CHECK(r.status == 200 && is(r.json, "display_name", "Ada") && json_is_true(json_object_get(r.json, "locked")));
    const json_t *source = json_object_get(r.json, "source");
    CHECK(is(source, "privacy", "unlisted") && is(source, "language", "de") && is(source, "note", "hello #tag"));
    CHECK(json_is_true(json_object_get(source, "sensitive")));
    const json_t *fields = json_object_get(source, "fields");
    CHECK(json_array_size(fields) == 2 && is(json_array_get(fields, 0), "name", "a")
          && is(json_array_get(fields, 1), "value", "d"));
    r = call(c, HTTP_PATCH, "/api/v1/accounts/update_credentials", token, "source[privacy]=everybody");
    CHECK(r.status == 422);
    r = call(c, HTTP_GET, "/api/v1/preferences", token, "");
    CHECK(is(r.json, "posting:default:visibility", "unlisted") && is(r.json, "posting:default:language", "de"));
    r = call(c, HTTP_GET, "/oauth/userinfo", token, "");
    CHECK(is(r.json, "sub", "https://harbour.example/users/ada") && is(r.json, "preferred_username", "ada"));
    r = call(c, HTTP_POST, "/api/v1/emails/confirmations", token, "");
    CHECK(r.status == 403);
}

static void finds_accounts(struct ctx *c)
{
    struct reply r = call(c, HTTP_GET, "/api/v1/accounts/lookup", NULL, "acct=@ADA@harbour.example");
    CHECK(r.status == 200 && is(r.json, "username", "ada") && json_object_get(r.json, "source") == NULL);
    const char *id = text(r.json, "id");
    r = call(c, HTTP_GET, strf(c, "/api/v1/accounts/%s", id), NULL, "");
    CHECK(r.status == 200 && is(r.json, "id", id));
    r = call(c, HTTP_GET, "/api/v1/accounts", NULL, strf(c, "id[]=%s&id[]=12&id[]=nonsense", id));
    CHECK(r.status == 200 && json_array_size(r.json) == 1);
    r = call(c, HTTP_GET, "/api/v1/accounts/lookup", NULL, "acct=nobody");
    CHECK(r.status == 404 && is(r.json, "error", "Record not found"));
    CHECK(call(c, HTTP_GET, "/api/v1/accounts/123", NULL, "").status == 404);
    CHECK(call(c, HTTP_GET, "/media/../secret.webp", NULL, "").status == 404);
    CHECK(call(c, HTTP_GET, strf(c, "/media/avatar/%s.png", id), NULL, "").status == 200);
}

static void describes_the_site(struct ctx *c)
{
    struct reply r = call(c, HTTP_GET, "/api/v2/instance", NULL, "");
    CHECK(has_all(r.json,
                  "api_versions configuration contact description domain icon languages registrations rules source_url"
                  " thumbnail title usage version"));
    CHECK(str_starts(str_c(text(r.json, "version")), STR("4.5.0+parley-")));
    const json_t *configuration = json_object_get(r.json, "configuration");
    CHECK(is(json_object_get(configuration, "urls"), "streaming", "wss://harbour.example"));
    r = call(c, HTTP_GET, "/api/v1/instance", NULL, "");
    CHECK(has_all(
        r.json,
        "approval_required configuration contact_account description email invites_enabled languages registrations"
        " rules short_description stats thumbnail title uri urls version"));
    r = call(c, HTTP_GET, "/.well-known/oauth-authorization-server", NULL, "");
    CHECK(is(r.json, "issuer", "https://harbour.example/")
          && is(r.json, "token_endpoint", "https://harbour.example/oauth/token"));
    r = call(c, HTTP_GET, "/nodeinfo/2.0", NULL, "");
    CHECK(is(json_object_get(json_object_get(r.json, "metadata"), "upstream"), "name", "mastodon"));
    r = call(c, HTTP_GET, "/.well-known/host-meta", NULL, "");
    size_t at = 0;
    CHECK(r.status == 200
          && str_find(r.res.body, STR("template=\"https://harbour.example/.well-known/webfinger"), &at));
    CHECK(call(c, HTTP_GET, "/.well-known/webfinger", NULL, "resource=acct:ada@harbour.example").status == 404);
    CHECK(call(c, HTTP_GET, "/api/v1/instance/terms_of_service", NULL, "").status == 404);
}

/* Names and ids beside known ones are tried: after some hundreds every answer is 429, hits included. */
static void guesses_trip_a_limit(struct ctx *c, const char *token)
{
    int tries = 0;
    int status = 404;
    c->ip = STR("192.0.2.9");
    c->limiter = limiter_new(true);
    for (; tries < 250 && status == 404; tries++) /* apps ask for what this server does not do: that is no guess */
        status = call(c, HTTP_GET, "/api/v1/no_such_thing", token, "").status;
    CHECK(status == 404);
    tries = 0;
    for (; tries < 1000 && status == 404; tries++)
        status = call(c, HTTP_GET, strf(c, "/api/v1/accounts/456055596351609%d", 1000 + tries), NULL, "").status;
    CHECK(status == 429 && tries <= 201);
    struct reply r = call(c, HTTP_GET, "/api/v1/accounts/lookup", NULL, "acct=ada");
    CHECK(r.status == 429 && has_all(r.json, "error"));
    /* who guesses does not lock out the members behind the same address, nor whoever asks whether the server is well */
    CHECK(call(c, HTTP_GET, "/api/v1/accounts/lookup", token, "acct=ada").status == 200);
    CHECK(call(c, HTTP_GET, "/health", NULL, "").status == 200);
    limiter_free(&c->limiter);
    c->ip = (struct str){ 0 };
}

/* What a loop thread says of the member without a store; n == 0: it gives way. */
static struct str from_memory(struct ctx *c, const char *token)
{
    struct http_req q = { .arena = c->arena, .method = HTTP_GET, .path = STR("/api/v1/accounts/verify_credentials") };
    struct http_res r = { .arena = c->arena };
    struct ctx own = *c;
    own.db = NULL;
    own.me = NULL;
    own.session = NULL;
    q.target = q.path;
    q.token = str_c(token);
    return api_from_memory(&own, &q, &r) && r.status == 200 ? r.body : (struct str){ 0 };
}

static void says_of_oneself_what_is_true(struct ctx *c, const char *token)
{
    struct reply me = call(c, HTTP_GET, "/api/v1/accounts/verify_credentials", token, "");
    const char *mine = strf(c, "/api/v1/accounts/%s", text(me.json, "id"));
    struct account *zoe = world_member(c, "zoe");
    struct str secret = { 0 };
    int64_t id = 0;
    CHECK(id_parse(str_c(text(me.json, "id")), &id));
    c->me = NULL;
    MUST(auth_open(c, zoe, STR("test"), &secret), c);
    const char *theirs = arena_cstr(c->arena, secret);
    const struct {
        enum http_method method;
        const char *path;
        const char *token;
        const char *params;
    } steps[] = {
        { HTTP_PATCH, "/api/v1/accounts/update_credentials", token, "locked=true&source[privacy]=private" },
        { HTTP_POST, strf(c, "%s/follow", mine), theirs, "" },
        { HTTP_POST, strf(c, "%s/unfollow", mine), theirs, "" },
        { HTTP_POST, strf(c, "%s/follow", mine), theirs, "" },
        { HTTP_POST, strf(c, "/api/v1/follow_requests/%lld/reject", (long long)zoe->id), token, "" },
        { HTTP_POST, strf(c, "%s/follow", mine), theirs, "" },
        { HTTP_POST, strf(c, "/api/v1/follow_requests/%lld/authorize", (long long)zoe->id), token, "" },
        { HTTP_POST, "/api/v1/statuses", token, "status=one" },
        { HTTP_POST, strf(c, "%s/unfollow", mine), theirs, "" },
        { HTTP_POST, strf(c, "%s/follow", mine), theirs, "" },
        { HTTP_POST, strf(c, "/api/v1/accounts/%lld/block", (long long)zoe->id), token, "" },
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        (void)call(c, HTTP_GET, "/api/v1/accounts/verify_credentials", token, "");
        struct str before = from_memory(c, token);
        struct reply done = call(c, steps[i].method, steps[i].path, steps[i].token, steps[i].params);
        CHECK(before.n > 0 && done.status == 200);
        struct str after = from_memory(c, token); /* there is one only if the step itself made it */
        feed_requests_changed(c->feed, id);       /* so that it is made anew */
        const struct reply fresh = call(c, HTTP_GET, "/api/v1/accounts/verify_credentials", token, "");
        CHECK(after.n == 0 || str_eq(after, fresh.res.body));
        CHECK(!str_eq(before, fresh.res.body));
    }
    CHECK(from_memory(c, "nobody").n == 0);
}

int main(void)
{
    struct world w;
    world_open(&w);
    struct ctx *c = &w.c;
    struct site site = *c->site;
    site.testing = true;
    c->site = &site;
    struct known_app app = registers_an_app(c);
    const char *token = signs_up(c, &app);
    asks_for_the_right_token(c, &app, token);
    shows_and_edits_the_member(c, token);
    finds_accounts(c);
    describes_the_site(c);
    says_of_oneself_what_is_true(c, token);
    guesses_trip_a_limit(c, token);
    for (size_t i = 0; i < replies_n; i++)
        json_decref(replies[i]);
    world_close(&w);
    return check_done();
}
