/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>

#include "base/buf.h"
#include "base/rng.h"
#include "core/limit.h"
#include "core/oauth.h"
#include "core/refuse.h"
#include "core/scope.h"
#include "core/secret.h"
#include "store/app.h"
#include "store/tx.h"

/* Schemes that would run or read something where the browser is sent. */
static const char *const bad_schemes[] = { "javascript", "data",  "vbscript",   "file",
                                           "blob",       "about", "filesystem", "view-source" };

static size_t scheme_length(struct str uri)
{
    size_t n = 0;
    if (uri.n == 0 || !isalpha((unsigned char)uri.p[0]))
        return 0;
    while (n < uri.n && (isalnum((unsigned char)uri.p[n]) || uri.p[n] == '+' || uri.p[n] == '-' || uri.p[n] == '.'))
        n++;
    return n < uri.n && uri.p[n] == ':' ? n : 0;
}

static bool has_host(struct str uri, size_t scheme)
{
    struct str rest = str_skip(uri, scheme + 1);
    if (!str_starts(rest, STR("//")))
        return false;
    rest = str_skip(rest, 2);
    return rest.n > 0 && rest.p[0] != '/' && rest.p[0] != '?' && rest.p[0] != ':';
}

/* RFC 6749 3.1.2: absolute, no fragment. */
static bool uri_ok(struct str uri)
{
    if (str_eq(uri, STR(OAUTH_OOB)))
        return true;
    size_t scheme = scheme_length(uri);
    if (scheme == 0 || uri.n > OAUTH_URI_MAX || uri.n == scheme + 1)
        return false;
    for (size_t i = 0; i < uri.n; i++)
        if ((unsigned char)uri.p[i] <= ' ' || (unsigned char)uri.p[i] >= 0x7F
            || strchr("#\"<>\\^`{|}", uri.p[i]) != NULL)
            return false;
    struct str name = str_head(uri, scheme);
    for (size_t i = 0; i < sizeof bad_schemes / sizeof bad_schemes[0]; i++)
        if (str_eq_nocase(name, str_c(bad_schemes[i])))
            return false;
    bool web = str_eq_nocase(name, STR("http")) || str_eq_nocase(name, STR("https"));
    return !web || has_host(uri, scheme);
}

static bool website_ok(struct str uri)
{
    size_t scheme = scheme_length(uri);
    struct str name = str_head(uri, scheme);
    return (str_eq_nocase(name, STR("http")) || str_eq_nocase(name, STR("https"))) && uri_ok(uri);
}

static struct str uri_lines(struct ctx *c, const struct oauth_app_form *f)
{
    struct buf b = buf_on(c->arena);
    for (size_t i = 0; i < f->redirect_uris_n; i++) {
        if (i > 0)
            buf_putc(&b, '\n');
        buf_put(&b, f->redirect_uris[i]);
    }
    return b.p == NULL ? STR("") : buf_str(&b);
}

static void judge_form(struct ctx *c, const struct oauth_app_form *f)
{
    uint64_t bits = 0;
    c->fields = NULL;
    if (str_trim(f->name).n == 0)
        refuse(c, STR("name"), STR("ERR_BLANK"), STR("can't be blank"));
    else if (f->name.n > OAUTH_NAME_MAX || !str_is_utf8(f->name))
        refuse(c, STR("name"), STR("ERR_TOO_LONG"), STR("is too long or not text"));
    if (f->website.n > 0 && !website_ok(f->website))
        refuse(c, STR("website"), STR("ERR_INVALID"), STR("must be an http or https address"));
    if (f->redirect_uris_n == 0)
        refuse(c, STR("redirect_uri"), STR("ERR_BLANK"), STR("can't be blank"));
    if (f->redirect_uris_n > OAUTH_URIS_MAX)
        refuse(c, STR("redirect_uri"), STR("ERR_TOO_LONG"), STR("are too many"));
    bool all_ok = true;
    for (size_t i = 0; i < f->redirect_uris_n && i < OAUTH_URIS_MAX; i++)
        all_ok = all_ok && uri_ok(f->redirect_uris[i]);
    if (!all_ok)
        refuse(c, STR("redirect_uri"), STR("ERR_INVALID"), STR("must be an absolute URI without a fragment"));
    if (!scope_parse(f->scopes, &bits))
        refuse(c, STR("scopes"), STR("ERR_INVALID"), STR("doesn't match configured on the server"));
}

enum err oauth_app_register(struct ctx *c, const struct oauth_app_form *f, struct app **out, struct str *secret)
{
    TX tx = { 0 };
    judge_form(c, f);
    TRY(refused(c));
    struct str scopes = scope_tidy(c->arena, f->scopes);
    *secret = rand_token(c->arena);
    struct app *a = ARENA_NEW(c->arena, struct app);
    *a = (struct app){
        .client_id = rand_token(c->arena),
        .secret = secret_hash(c->arena, *secret),
        .name = str_trim(f->name),
        .website = f->website.n > 0 ? f->website : (struct str){ 0 },
        .redirect_uris = uri_lines(c, f),
        .scopes = scopes.n > 0 ? scopes : STR("read"),
        .created_ms = c->now_ms,
    };
    TRY(tx_begin(c, &tx));
    TRY(store_app_insert(c, a));
    TRY(tx_commit(&tx));
    *out = a;
    return OK;
}

enum err oauth_app_mine(struct ctx *c, struct app **out)
{
    *out = NULL;
    if (c->session != NULL && c->session->app_id != 0)
        TRY(store_app_find(c, c->session->app_id, out));
    return *out != NULL ? OK : fail(c, ERR_UNAUTHENTICATED, "The access token is invalid");
}
