/* SPDX-License-Identifier: Apache-2.0 */
#include "core/moves.h"

#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/visible.h"

static enum err reply_moves(struct ctx *c, struct http_res *r, const struct moves *m)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kraw(&w, STR("also_known_as"), m->also_known_as);
    jw_knull_str(&w, STR("moved_to"), m->moved_to);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/parley/v1/moves */
enum err api_moves(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct moves m = { 0 };
    (void)q;
    TRY(moves_get(c, &m));
    return reply_moves(c, r, &m);
}

/* PUT /api/parley/v1/moves : also_known_as[], moved_to; what is not given stays */
enum err api_moves_set(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct moves m = { 0 };
    struct moves_wish w = { .has_former = http_has(q, "also_known_as"), .moved_to = http_param(q, "moved_to") };
    w.former = http_list(q, "also_known_as", &w.former_n);
    TRY(moves_set(c, &w, &m));
    return reply_moves(c, r, &m);
}

/* GET /api/parley/v1/accounts/:id/moves : what anybody may know */
enum err api_account_moves(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct account *a = NULL;
    struct moves m = { 0 };
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(account_see(c, id, &a));
    TRY(store_moves_find(c, id, &m));
    return reply_moves(c, r, &m);
}
