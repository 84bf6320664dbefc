/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scheduled.h"
#include "api/draft.h"
#include "api/entity.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/jw.h"
#include "core/attachment.h"
#include "core/draft_json.h"

#define SCHEDULED_DEFAULT 20
#define SCHEDULED_PAGE    40

static enum err put(struct ctx *c, struct jw *w, const struct scheduled *s)
{
    struct status_draft d = { 0 };
    struct attachments media = { 0 };
    TRY(draft_from_json(c, s->draft, &d));
    TRY(attachments_of_draft(c, &d, &media));
    jw_obj(w);
    jw_kid(w, STR("id"), s->id);
    jw_ktime(w, STR("scheduled_at"), s->due_ms);
    jw_kraw(w, STR("params"), s->draft);
    entity_attachments(c, w, false, &media);
    jw_obj_end(w);
    return OK;
}

static enum err reply_scheduled(struct ctx *c, const struct scheduled *s, struct http_res *r)
{
    struct jw w = jw_on(c->arena);
    TRY(put(c, &w, s));
    return reply_json(r, jw_end(&w));
}

static enum err parse_time(struct ctx *c, const struct http_req *q, int64_t *ms)
{
    struct str at = http_param(q, "scheduled_at");
    if (at.n > 0 && clock_parse(at, ms))
        return OK;
    return fail(c, ERR_INVALID, "Validation failed: Scheduled at is a time like 2026-08-01T13:53:08.123Z");
}

enum err reply_scheduled_new(struct ctx *c, const struct http_req *q, const struct status_draft *d, struct http_res *r)
{
    struct scheduled *s = NULL;
    int64_t due_ms = 0;
    TRY(parse_time(c, q, &due_ms));
    TRY(scheduled_add(c, d, due_ms, &s));
    return reply_scheduled(c, s, r);
}

/* GET /api/v1/scheduled_statuses */
enum err api_scheduled(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct scheduled *rows = NULL;
    struct jw w = jw_on(c->arena);
    int64_t n = 0;
    TRY(page_parse(c, q, SCHEDULED_DEFAULT, SCHEDULED_PAGE, &p));
    TRY(scheduled_list(c, &p, &rows, &n));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        TRY(put(c, &w, &rows[i]));
    jw_arr_end(&w);
    page_links(c, q, r, n > 0 ? rows[0].id : 0, n > 0 ? rows[n - 1].id : 0, false);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/scheduled_statuses/:id */
enum err api_scheduled_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct scheduled *s = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(scheduled_get(c, id, &s));
    return reply_scheduled(c, s, r);
}

/* PUT /api/v1/scheduled_statuses/:id */
enum err api_scheduled_move(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct scheduled *s = NULL;
    int64_t id = 0;
    int64_t due_ms = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(scheduled_get(c, id, &s));
    TRY(parse_time(c, q, &due_ms));
    TRY(scheduled_move(c, id, due_ms, &s));
    return reply_scheduled(c, s, r);
}

/* DELETE /api/v1/scheduled_statuses/:id */
enum err api_scheduled_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(scheduled_remove(c, id));
    return reply_json(r, STR("{}"));
}
