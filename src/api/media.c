/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/attachment.h"
#include "media/run.h"

static struct str file_of(const struct http_req *q, const char *name)
{
    const struct http_param *f = http_file(q, name);
    return f == NULL || f->value.n == 0 ? (struct str){ 0 } : f->value;
}

static struct str given(const struct http_req *q, const char *name)
{
    return http_has(q, name) && http_param(q, name).p == NULL ? STR("") : http_param(q, name);
}

/* While it waits: 202 after the upload, 206 when asked for; what could not be read says why. */
static enum err reply_media(struct ctx *c, struct http_res *r, const struct media *m, int status_waiting)
{
    struct jw w = jw_on(c->arena);
    if (m->state == MEDIA_FAILED)
        return fail(c, ERR_INVALID, STR_FMT, STR_ARG(m->problem));
    entity_media(c, &w, m);
    TRY(reply_json(r, jw_end(&w)));
    if (m->state == MEDIA_WAITING)
        r->status = status_waiting;
    return OK;
}

static enum err add(struct ctx *c, const struct http_req *q, struct http_res *r, bool at_once)
{
    struct media *m = NULL;
    struct attachment_upload u = {
        .bytes = file_of(q, "file"),
        .description = http_param(q, "description"),
        .focus = http_param(q, "focus"),
        .thumbnail = file_of(q, "thumbnail"),
        .at_once = at_once,
    };
    TRY(attachment_add(c, &u, &m));
    return reply_media(c, r, m, 202);
}

/* POST /api/v1/media : answers when it is ready */
enum err api_media_create_v1(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return add(c, q, r, true);
}

/* POST /api/v2/media : 202 where a job goes on with it */
enum err api_media_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return add(c, q, r, false);
}

/* GET /api/v1/media/:id */
enum err api_media_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct media *m = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(attachment_own(c, id, &m));
    return reply_media(c, r, m, 206);
}

/* PUT /api/v1/media/:id */
enum err api_media_edit(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct media *m = NULL;
    int64_t id = 0;
    struct attachment_edit e = {
        .description = given(q, "description"),
        .focus = given(q, "focus"),
        .thumbnail = file_of(q, "thumbnail"),
    };
    TRY(path_id(c, q, 0, &id));
    TRY(attachment_edit(c, id, &e, &m));
    return reply_media(c, r, m, 206);
}

/* DELETE /api/v1/media/:id */
enum err api_media_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(attachment_delete(c, id));
    return reply_json(r, STR("{}"));
}
