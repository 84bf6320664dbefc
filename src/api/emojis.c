/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/emoji.h"
#include "model/site.h"

/* GET /api/v1/custom_emojis: from the site's snapshot; who has them already is told so without a list being made */
enum err api_custom_emojis(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    const struct emojis *all = &c->site->emojis;
    struct str etag = arena_strf(c->arena, "\"%016llx\"", (unsigned long long)all->version);
    struct jw w = jw_on(c->arena);
    http_res_header(r, STR("ETag"), etag);
    http_res_header(r, STR("Cache-Control"), STR("no-cache"));
    if (http_is_known(q, etag)) {
        r->status = 304;
        return OK;
    }
    jw_arr(&w);
    for (int64_t i = 0; i < all->n; i++)
        if (all->rows[i]->enabled)
            emoji_put(c, &w, all->rows[i]);
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}
