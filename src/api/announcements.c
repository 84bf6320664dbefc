/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/announcement.h"

/* GET /api/v1/announcements: oldest first, as the API has it */
enum err api_announcements(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct announcements all = { 0 };
    struct jw w = jw_on(c->arena);
    (void)q;
    TRY(announcement_list(c, false, &all));
    jw_arr(&w);
    for (int64_t i = all.n; i > 0; i--)
        announcement_put(c, &w, &all, i - 1, true);
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* POST /api/v1/announcements/:id/dismiss */
enum err api_announcement_dismiss(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(announcement_dismiss(c, id));
    return reply_json(r, STR("{}"));
}

/* PUT /api/v1/announcements/:id/reactions/:name */
enum err api_announcement_react(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(announcement_react(c, id, q->args[1]));
    return reply_json(r, STR("{}"));
}

/* DELETE /api/v1/announcements/:id/reactions/:name */
enum err api_announcement_unreact(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(announcement_unreact(c, id, q->args[1]));
    return reply_json(r, STR("{}"));
}
