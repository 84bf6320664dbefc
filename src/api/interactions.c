/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/interact.h"

#define WHO_DEFAULT  40
#define WHO_LIST_MAX 80
#define OWN_DEFAULT  20
#define OWN_MAX      40

typedef enum err act_fn(struct ctx *c, int64_t id, struct status **out);

static enum err act(struct ctx *c, const struct http_req *q, struct http_res *r, act_fn *what)
{
    struct status *s = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(what(c, id, &s));
    return reply_status(c, s->id, r);
}

/* POST /api/v1/statuses/:id/... */
enum err api_status_favourite(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, status_favourite);
}

enum err api_status_unfavourite(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, status_unfavourite);
}

enum err api_status_bookmark(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, status_bookmark);
}

enum err api_status_unbookmark(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, status_unbookmark);
}

enum err api_status_unreblog(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, status_unreblog);
}

enum err api_status_pin(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, status_pin);
}

enum err api_status_unpin(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, status_unpin);
}

enum err api_status_mute(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, status_mute);
}

enum err api_status_unmute(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, status_unmute);
}

/* POST /api/v1/statuses/:id/reblog : answers the echo */
enum err api_status_reblog(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *echo = NULL;
    int64_t id = 0;
    int visibility = -1;
    TRY(path_id(c, q, 0, &id));
    TRY(parse_visibility(c, http_param(q, "visibility"), &visibility));
    TRY(status_reblog(c, id, visibility, &echo));
    return reply_status(c, echo->id, r);
}

typedef enum err who_fn(struct ctx *c, int64_t id, const struct page *p, struct page_row **out, int64_t *n);

static enum err who_did(struct ctx *c, const struct http_req *q, struct http_res *r, who_fn *list)
{
    struct page p = { 0 };
    struct page_row *rows = NULL;
    struct str json = { 0 };
    int64_t id = 0;
    int64_t n = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(page_parse(c, q, WHO_DEFAULT, WHO_LIST_MAX, &p));
    TRY(list(c, id, &p, &rows, &n));
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    TRY(entity_account_list(c, ids, n, &json));
    if (n > 0)
        page_links(c, q, r, rows[0].row_id, rows[n - 1].row_id, true);
    return reply_json(r, json);
}

/* GET /api/v1/statuses/:id/favourited_by */
enum err api_status_favourited_by(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return who_did(c, q, r, status_favourited_by);
}

/* GET /api/v1/statuses/:id/reblogged_by */
enum err api_status_reblogged_by(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return who_did(c, q, r, status_reblogged_by);
}

typedef enum err own_fn(struct ctx *c, const struct page *p, struct status_page *out);

static enum err own_list(struct ctx *c, const struct http_req *q, struct http_res *r, own_fn *list)
{
    struct page p = { 0 };
    struct status_page page = { 0 };
    TRY(page_parse(c, q, OWN_DEFAULT, OWN_MAX, &p));
    TRY(list(c, &p, &page));
    return reply_status_page(c, q, r, FILTER_NOWHERE, &page);
}

/* GET /api/v1/bookmarks */
enum err api_bookmarks(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return own_list(c, q, r, status_bookmarks);
}

/* GET /api/v1/favourites */
enum err api_favourites(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return own_list(c, q, r, status_favourites);
}
