/* SPDX-License-Identifier: Apache-2.0 */
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/domain_mute.h"

#define PAGE_DEFAULT 100
#define PAGE_MAX     200

/* GET /api/v1/domain_blocks */
enum err api_domain_mutes(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct domain_row *rows = NULL;
    struct jw w = jw_on(c->arena);
    int64_t n = 0;
    TRY(page_parse(c, q, PAGE_DEFAULT, PAGE_MAX, &p));
    TRY(domain_mute_list(c, &p, &rows, &n));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        jw_str(&w, rows[i].domain);
    jw_arr_end(&w);
    page_links(c, q, r, n > 0 ? rows[0].id : 0, n > 0 ? rows[n - 1].id : 0, false);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/domain_blocks/preview: what a block would take away. Nobody here follows anybody of another server. */
enum err api_domain_mute_preview(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)c;
    (void)q;
    return reply_json(r, STR("{\"following_count\":0,\"followers_count\":0}"));
}

/* POST /api/v1/domain_blocks */
enum err api_domain_mute_add(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    bool is_new = false;
    TRY(domain_mute_add(c, http_param(q, "domain"), &is_new));
    return reply_json(r, STR("{}"));
}

/* DELETE /api/v1/domain_blocks */
enum err api_domain_mute_remove(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    TRY(domain_mute_remove(c, http_param(q, "domain")));
    return reply_json(r, STR("{}"));
}
