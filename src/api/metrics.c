/* SPDX-License-Identifier: Apache-2.0 */
#include "base/metrics.h"

#include "api/routes.h"
#include "core/secret.h"
#include "model/site.h"
#include "net/proxy.h"

/* A proxy says so in one of these, or passes on the public name. Its own address is no reason to trust who is behind.
 */
static bool is_proxied(const struct ctx *c, const struct http_req *q)
{
    static const char *const signs[] = { "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
                                         "x-real-ip",       "forwarded",        "via" };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (http_header(q, signs[i]).p != NULL)
            return true;
    return !str_eq(q->scheme, STR("https")) && str_starts(c->site->base_url, STR("https://"))
           && str_eq_nocase(q->host, c->site->domain);
}

static bool is_allowed_address(struct ctx *c, const struct http_req *q)
{
    struct net_ranges ranges = { 0 };
    struct str bad = { 0 };
    struct net_addr a;
    return !is_proxied(c, q) && net_ranges_parse(c->arena, c->site->metrics_from, &ranges, &bad)
           && net_addr_parse(q->ip, &a) && net_addr_is_in(&ranges, &a);
}

/* Compared as hashes: how long that takes tells nothing of the token. */
static bool has_token(struct ctx *c, const struct http_req *q)
{
    return c->site->metrics_token.n > 0 && q->token.p != NULL
           && str_eq(secret_hash(c->arena, q->token), secret_hash(c->arena, c->site->metrics_token));
}

/* GET /metrics, in the Prometheus text format. From memory: it answers when the store does not. */
enum err api_metrics(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct buf b = buf_on(c->arena);
    if (!has_token(c, q) && !is_allowed_address(c, q))
        return fail(c, ERR_FORBIDDEN,
                    "Figures are for the addresses in metrics_from, asking without a proxy, and for whoever sends "
                    "metrics_token as a Bearer token");
    struct metrics *now = ARENA_NEW(c->arena, struct metrics);
    metrics_read(now);
    metrics_write(&b, now);
    r->status = 200;
    r->type = STR("text/plain; version=0.0.4; charset=utf-8");
    r->body = buf_str(&b);
    http_res_header(r, STR("Cache-Control"), STR("no-store"));
    return OK;
}
