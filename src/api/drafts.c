/* SPDX-License-Identifier: Apache-2.0 */
#include "api/draft.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/draft.h"

#define DRAFTS_DEFAULT 20
#define DRAFTS_PAGE    40

static void put(struct jw *w, const struct saved_draft *d)
{
    jw_obj(w);
    jw_kid(w, STR("id"), d->id);
    jw_ki64(w, STR("version"), d->version);
    jw_ktime(w, STR("created_at"), d->created_ms);
    jw_ktime(w, STR("updated_at"), d->updated_ms);
    jw_kraw(w, STR("params"), d->draft);
    jw_obj_end(w);
}

static enum err reply_draft(struct ctx *c, const struct saved_draft *d, struct http_res *r)
{
    struct jw w = jw_on(c->arena);
    put(&w, d);
    http_res_header(r, STR("ETag"), arena_strf(c->arena, "\"%lld\"", (long long)d->version));
    return reply_json(r, jw_end(&w));
}

/* GET /api/parley/v1/drafts */
enum err api_drafts(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct saved_draft *rows = NULL;
    struct jw w = jw_on(c->arena);
    int64_t n = 0;
    TRY(page_parse(c, q, DRAFTS_DEFAULT, DRAFTS_PAGE, &p));
    TRY(draft_list(c, &p, &rows, &n));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        put(&w, &rows[i]);
    jw_arr_end(&w);
    page_links(c, q, r, n > 0 ? rows[0].id : 0, n > 0 ? rows[n - 1].id : 0, false);
    return reply_json(r, jw_end(&w));
}

/* POST /api/parley/v1/drafts */
enum err api_draft_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status_draft d = { 0 };
    struct saved_draft *made = NULL;
    TRY(draft_parse(c, q, &d));
    TRY(draft_add(c, &d, &made));
    return reply_draft(c, made, r);
}

/* GET /api/parley/v1/drafts/:id */
enum err api_draft_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct saved_draft *d = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(draft_get(c, id, &d));
    return reply_draft(c, d, r);
}

/* If-Match: "3", or version=3. */
static enum err parse_version(struct ctx *c, const struct http_req *q, int64_t *version)
{
    struct str tag = http_header(q, "If-Match");
    if (tag.n > 2 && tag.p[0] == '"' && tag.p[tag.n - 1] == '"')
        tag = str_head(str_skip(tag, 1), tag.n - 2);
    if (tag.n == 0)
        tag = http_param(q, "version");
    if (str_to_i64(tag, version))
        return OK;
    return fail(c, ERR_INVALID, "Validation failed: Say which version you changed: If-Match with the ETag, or version");
}

/* PUT /api/parley/v1/drafts/:id : all of it is replaced */
enum err api_draft_save(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status_draft d = { 0 };
    struct saved_draft *saved = NULL;
    int64_t id = 0;
    int64_t version = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(draft_get(c, id, &saved));
    TRY(parse_version(c, q, &version));
    TRY(draft_parse(c, q, &d));
    TRY(draft_save(c, id, version, &d, &saved));
    return reply_draft(c, saved, r);
}

/* DELETE /api/parley/v1/drafts/:id */
enum err api_draft_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(draft_remove(c, id));
    return reply_json(r, STR("{}"));
}
