/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/cookie.h"

#include "model/site.h"

static bool over_tls(const struct visit *v)
{
    return str_starts(v->c->site->base_url, STR("https:"));
}

static struct str get(const struct visit *v, const char *safe, const char *plain)
{
    struct str s = http_cookie(v->q, over_tls(v) ? safe : plain);
    return s.n == 0 ? (struct str){ 0 } : s;
}

/* max_age_s < 0: until the browser closes. */
static void put(struct visit *v, const char *name, struct str value, long max_age_s)
{
    struct str ages = max_age_s < 0 ? STR("") : arena_strf(v->c->arena, "; Max-Age=%ld", max_age_s);
    bool tls = over_tls(v);
    http_res_header(v->r, STR("Set-Cookie"),
                    arena_strf(v->c->arena, "%s%s=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax%s" STR_FMT,
                               tls ? "__Host-" : "", name, STR_ARG(value), tls ? "; Secure" : "", STR_ARG(ages)));
}

struct str cookie_session(const struct visit *v)
{
    return get(v, "__Host-parley", "parley");
}

void cookie_set_session(struct visit *v, struct str secret)
{
    put(v, "parley", secret, COOKIE_DAYS * 24L * 3600);
}

void cookie_clear_session(struct visit *v)
{
    put(v, "parley", STR(""), 0);
}

struct str cookie_form(const struct visit *v)
{
    return get(v, "__Host-parley_form", "parley_form");
}

void cookie_set_form(struct visit *v, struct str value)
{
    put(v, "parley_form", value, -1);
}
