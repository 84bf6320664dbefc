/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/hw.h"
#include "base/jw.h"
#include "core/address.h"
#include "core/render.h"
#include "core/visible.h"
#include "model/site.h"

/* oEmbed 1.0 (oembed.com): how other sites show a parley whose address stands in a text of theirs. The quotation needs
   no frame and no script of ours. */
#define WIDTH_DEFAULT 400
#define WIDTH_MIN     200
#define WIDTH_MAX     1000

/* The parley that the address names, if strangers may read it, and if that is its address. */
static enum err find(struct ctx *c, struct str url, struct status **s, struct account **author)
{
    size_t at = url.n;
    int64_t id = 0;
    while (at > 0 && url.p[at - 1] != '/')
        at--;
    c->me = NULL; /* what is embedded is read by anybody */
    if (!id_parse(str_skip(url, at), &id))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(status_see(c, id, s, author));
    bool named = str_eq(url, address_status(c, (*author)->username, id))
                 || str_eq(url, address_status_uri(c, (*author)->username, id));
    return named && (*s)->reblog_of_id == 0 ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

static struct str name_of(const struct account *a)
{
    return a->display_name.n > 0 ? a->display_name : a->username;
}

static struct str quotation(struct ctx *c, const struct status *s, const struct account *author)
{
    struct hw w = hw_on(c->arena);
    struct str url = address_status(c, author->username, s->id);
    hw_open(&w, "blockquote");
    hw_attr(&w, "cite", url);
    if (s->spoiler.n > 0)
        hw_el(&w, "p", s->spoiler);
    else
        hw_raw(&w, render_status_html(c, s->text, s->mentions));
    hw_open(&w, "footer");
    struct str name = name_of(author);
    hw_link(&w, url, arena_strf(c->arena, STR_FMT " (@" STR_FMT ")", STR_ARG(name), STR_ARG(author->username)));
    hw_close(&w, "footer");
    hw_close(&w, "blockquote");
    return hw_end(&w);
}

/* GET /api/oembed */
enum err api_oembed(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *s = NULL;
    struct account *author = NULL;
    struct jw w = jw_on(c->arena);
    int64_t width = WIDTH_DEFAULT;
    if (http_has(q, "maxwidth") && !http_i64(q, "maxwidth", WIDTH_MIN, WIDTH_MAX, true, &width))
        width = WIDTH_DEFAULT;
    TRY(find(c, http_param(q, "url"), &s, &author));
    jw_obj(&w);
    jw_kstr(&w, STR("type"), STR("rich"));
    jw_kstr(&w, STR("version"), STR("1.0"));
    jw_kstr(&w, STR("title"), arena_strf(c->arena, "A parley by @" STR_FMT, STR_ARG(author->username)));
    jw_kstr(&w, STR("author_name"), name_of(author));
    jw_kstr(&w, STR("author_url"), address_account(c, author->username));
    jw_kstr(&w, STR("provider_name"), c->site->title);
    jw_kstr(&w, STR("provider_url"), c->site->base_url);
    jw_ki64(&w, STR("cache_age"), DAY_MS / SECOND_MS);
    jw_kstr(&w, STR("html"), quotation(c, s, author));
    jw_ki64(&w, STR("width"), width);
    jw_knull(&w, STR("height"));
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}
