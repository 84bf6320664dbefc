/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/oauth.h"
#include "model/site.h"

static void put_words(struct jw *w, struct str key, struct str text, char gap)
{
    jw_karr(w, key);
    for (struct str word = { 0 }; text.n > 0 && str_cut(&text, gap, &word);)
        jw_str(w, word);
    jw_arr_end(w);
}

static void put_app(const struct ctx *c, struct jw *w, const struct app *a)
{
    jw_kid(w, STR("id"), a->id);
    jw_kstr(w, STR("name"), a->name);
    jw_knull_str(w, STR("website"), a->website);
    put_words(w, STR("scopes"), a->scopes, ' ');
    put_words(w, STR("redirect_uris"), a->redirect_uris, '\n');
    jw_kstr(w, STR("redirect_uri"), a->redirect_uris);
    jw_kstr(w, STR("vapid_key"), c->site->vapid_public);
}

/* One text with gaps, or a list of texts that may have gaps themselves: clients do both. */
static size_t split(const struct http_req *q, const char *name, struct str *out, size_t max)
{
    size_t given_n = 0;
    size_t n = 0;
    const struct str *given = http_list(q, name, &given_n);
    for (size_t i = 0; i < given_n; i++) {
        struct str rest = given[i];
        while (rest.n > 0 && n < max) {
            size_t k = 0;
            while (k < rest.n && strchr(" \t\r\n", rest.p[k]) == NULL)
                k++;
            if (k > 0)
                out[n++] = str_head(rest, k);
            rest = str_skip(rest, k + 1);
        }
    }
    return n;
}

static struct str joined(struct ctx *c, const struct str *words, size_t n)
{
    struct buf b = buf_on(c->arena);
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, words[i]);
        buf_putc(&b, ' ');
    }
    return b.p == NULL ? STR("") : str_trim(buf_str(&b));
}

/* POST /api/v1/apps */
enum err api_app_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct str uris[OAUTH_URIS_MAX + 1] = { 0 };
    struct str scopes[64] = { 0 };
    struct app *app = NULL;
    struct str secret = { 0 };
    struct jw w = jw_on(c->arena);
    struct oauth_app_form f = { .name = http_param(q, "client_name"), .website = http_param(q, "website") };
    f.redirect_uris = uris;
    f.redirect_uris_n = split(q, "redirect_uris", uris, OAUTH_URIS_MAX + 1);
    f.scopes = joined(c, scopes, split(q, "scopes", scopes, sizeof scopes / sizeof scopes[0]));
    TRY(oauth_app_register(c, &f, &app, &secret));
    jw_obj(&w);
    put_app(c, &w, app);
    jw_kstr(&w, STR("client_id"), app->client_id);
    jw_kstr(&w, STR("client_secret"), secret);
    jw_ki64(&w, STR("client_secret_expires_at"), 0);
    jw_obj_end(&w);
    http_res_header(r, STR("Cache-Control"), STR("no-store")); /* it has a secret */
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/apps/verify_credentials */
enum err api_app_verify(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct app *app = NULL;
    struct jw w = jw_on(c->arena);
    (void)q;
    TRY(oauth_app_mine(c, &app));
    jw_obj(&w);
    put_app(c, &w, app);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}
