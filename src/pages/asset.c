/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/asset.h"

#include "base/embed.h"
#include "model/site.h"

extern const struct embedded_file embedded_assets[];
extern const size_t embedded_assets_count;

static const struct embedded_file *find(struct str name)
{
    for (size_t i = 0; i < embedded_assets_count; i++)
        if (str_eq(str_c(embedded_assets[i].name), name))
            return &embedded_assets[i];
    return NULL;
}

/* style.css -> style.HASH.css; the hash is the ETag without its quotes. */
static struct str hashed(struct arena *a, const struct embedded_file *f)
{
    struct str name = str_c(f->name);
    struct str etag = str_c(f->etag);
    struct str stem = { 0 };
    (void)str_cut(&name, '.', &stem);
    return arena_strf(a, STR_FMT "." STR_FMT "." STR_FMT, STR_ARG(stem),
                      STR_ARG(str_head(str_skip(etag, 1), etag.n - 2)), STR_ARG(name));
}

struct str asset_href(struct arena *a, const char *name)
{
    const struct embedded_file *f = find(str_c(name));
    return f == NULL ? STR("") : arena_strf(a, "/assets/" STR_FMT, STR_ARG(hashed(a, f)));
}

static enum err give(struct visit *v, const struct embedded_file *f, struct str cache)
{
    struct http_res *r = v->r;
    size_t at = 0;
    bool gz = f->gz != NULL && str_find(http_header(v->q, "accept-encoding"), STR("gzip"), &at);
    http_res_header(r, STR("ETag"), str_c(f->etag));
    http_res_header(r, STR("Cache-Control"), cache);
    http_res_header(r, STR("X-Content-Type-Options"), STR("nosniff"));
    http_res_header(r, STR("Vary"), STR("Accept-Encoding"));
    r->type = str_c(f->type);
    r->status = http_is_known(v->q, str_c(f->etag)) ? 304 : 200;
    if (r->status == 304)
        return OK;
    if (gz)
        http_res_header(r, STR("Content-Encoding"), STR("gzip"));
    r->body = gz ? (struct str){ (const char *)f->gz, f->gz_size } : (struct str){ (const char *)f->data, f->size };
    return OK;
}

enum err page_asset(struct visit *v)
{
    for (size_t i = 0; i < embedded_assets_count; i++)
        if (str_eq(v->q->args[0], hashed(v->c->arena, &embedded_assets[i])))
            return give(v, &embedded_assets[i], STR("public, max-age=31536000, immutable"));
    return fail(v->c, ERR_NOT_FOUND, "There is no such file.");
}

enum err page_favicon(struct visit *v)
{
    const struct embedded_file *f = find(STR("favicon.svg"));
    return f == NULL ? ERR_NOT_FOUND : give(v, f, STR("public, max-age=86400"));
}

/* Who does not want to be found says so on their pages (noindex); what only members see is not linked for robots. */
enum err page_robots(struct visit *v)
{
    v->r->type = STR("text/plain; charset=utf-8");
    v->r->status = 200;
    http_res_header(v->r, STR("Cache-Control"), STR("public, max-age=3600"));
    v->r->body =
        arena_strf(v->c->arena, "User-agent: *\nDisallow: /search\nDisallow: /oauth/\nDisallow: /settings/\n"
                                "Disallow: /sign-in\nDisallow: /confirm/\nDisallow: /reset\nDisallow: /setup/\n"
                                "Disallow: /email/\nDisallow: /report\n");
    return OK;
}
