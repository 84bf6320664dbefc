/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oauth.h"

#include <sodium.h>

#include "api/reply.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/jw.h"
#include "core/address.h"
#include "core/scope.h"
#include "model/site.h"

struct client {
    struct str id;
    struct str secret;
};

/* RFC 6749 2.3.1: HTTP Basic, both parts form-encoded; else in the body. */
static struct client client_of(struct ctx *c, const struct http_req *q)
{
    struct str header = http_header(q, "authorization");
    struct client body = { http_param(q, "client_id"), http_param(q, "client_secret") };
    if (header.n < 7 || !str_eq_nocase(str_head(header, 6), STR("Basic ")))
        return body;
    struct str coded = str_trim(str_skip(header, 6));
    char *plain = arena_alloc(c->arena, coded.n + 1);
    size_t n = 0;
    if (sodium_base642bin((unsigned char *)plain, coded.n + 1, coded.p, coded.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL)
        != 0)
        return body;
    struct str secret = { plain, n };
    struct str id = { 0 };
    (void)str_cut(&secret, ':', &id);
    return (struct client){ http_percent_decode(c->arena, id, true), http_percent_decode(c->arena, secret, true) };
}

/* The errors of OAuth have names of their own beside the sentence (RFC 6749 5.2). */
static enum err reply_error(struct ctx *c, struct http_res *r, int status, struct str error)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("error"), error);
    jw_kstr(&w, STR("error_description"), c->says);
    jw_obj_end(&w);
    r->status = status;
    r->body = jw_end(&w);
    http_res_header(r, STR("Cache-Control"), STR("no-store"));
    return OK;
}

enum err reply_token(struct ctx *c, const struct oauth_token *t, struct http_res *r)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("access_token"), t->secret);
    jw_kstr(&w, STR("token_type"), STR("Bearer"));
    jw_kstr(&w, STR("scope"), t->scope);
    jw_ki64(&w, STR("created_at"), t->created_ms / SECOND_MS);
    jw_obj_end(&w);
    http_res_header(r, STR("Cache-Control"), STR("no-store"));
    return reply_json(r, jw_end(&w));
}

/* POST /oauth/token */
enum err api_oauth_token(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct oauth_token t = { 0 };
    struct client client = client_of(c, q);
    struct oauth_token_ask ask = {
        .grant_type = http_param(q, "grant_type"),
        .client_id = client.id,
        .client_secret = client.secret,
        .code = http_param(q, "code"),
        .redirect_uri = http_param(q, "redirect_uri"),
        .code_verifier = http_param(q, "code_verifier"),
        .scope = http_param(q, "scope"),
        .username = http_param(q, "username"),
        .password = http_param(q, "password"),
        .user_agent = http_header(q, "user-agent"),
    };
    enum err e = oauth_token(c, &ask, &t);
    if (e != OK && t.error.p != NULL) {
        if (e == ERR_UNAUTHENTICATED)
            http_res_header(r, STR("WWW-Authenticate"), STR("Basic realm=\"Parley\""));
        return reply_error(c, r, e == ERR_UNAUTHENTICATED ? 401 : 400, t.error);
    }
    TRY(e);
    return reply_token(c, &t, r);
}

/* POST /oauth/revoke */
enum err api_oauth_revoke(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct client client = client_of(c, q);
    enum err e = oauth_revoke(c, client.id, client.secret, http_param(q, "token"));
    if (e == ERR_FORBIDDEN)
        return reply_error(c, r, 403, STR("unauthorized_client"));
    TRY(e);
    return reply_json(r, STR("{}"));
}

/* GET and POST /oauth/userinfo */
enum err api_oauth_userinfo(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct jw w = jw_on(c->arena);
    (void)q;
    jw_obj(&w);
    jw_kstr(&w, STR("iss"), arena_strf(c->arena, STR_FMT "/", STR_ARG(c->site->base_url)));
    jw_kstr(&w, STR("sub"), address_account_uri(c, c->me->username));
    jw_kstr(&w, STR("name"), c->me->display_name.n > 0 ? c->me->display_name : c->me->username);
    jw_kstr(&w, STR("preferred_username"), c->me->username);
    jw_kstr(&w, STR("profile"), address_account(c, c->me->username));
    jw_kstr(&w, STR("picture"), address_avatar(c, c->me));
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

static void put_place(struct ctx *c, struct jw *w, struct str key, const char *path)
{
    jw_kstr(w, key, arena_strf(c->arena, STR_FMT "%s", STR_ARG(c->site->base_url), path));
}

static void put_list(struct jw *w, struct str key, const char *const *words)
{
    jw_karr(w, key);
    for (; *words != NULL; words++)
        jw_str(w, str_c(*words));
    jw_arr_end(w);
}

/* GET /.well-known/oauth-authorization-server (RFC 8414) */
enum err api_oauth_metadata(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    static const char *const code[] = { "code", NULL };
    static const char *const query[] = { "query", NULL };
    static const char *const grants[] = { "authorization_code", "client_credentials", NULL };
    static const char *const methods[] = { "client_secret_basic", "client_secret_post", NULL };
    static const char *const challenges[] = { "S256", NULL };
    struct jw w = jw_on(c->arena);
    (void)q;
    jw_obj(&w);
    put_place(c, &w, STR("issuer"), "/");
    put_place(c, &w, STR("authorization_endpoint"), "/oauth/authorize");
    put_place(c, &w, STR("token_endpoint"), "/oauth/token");
    put_place(c, &w, STR("revocation_endpoint"), "/oauth/revoke");
    put_place(c, &w, STR("userinfo_endpoint"), "/oauth/userinfo");
    put_place(c, &w, STR("app_registration_endpoint"), "/api/v1/apps");
    put_place(c, &w, STR("service_documentation"), "/about");
    jw_karr(&w, STR("scopes_supported"));
    for (size_t i = 0; i < scope_count(); i++)
        jw_str(&w, scope_name(i));
    jw_arr_end(&w);
    put_list(&w, STR("response_types_supported"), code);
    put_list(&w, STR("response_modes_supported"), query);
    put_list(&w, STR("grant_types_supported"), grants);
    put_list(&w, STR("token_endpoint_auth_methods_supported"), methods);
    put_list(&w, STR("code_challenge_methods_supported"), challenges);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}
