/* SPDX-License-Identifier: Apache-2.0 */
#include "core/archive.h"

#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"

static void put_archive(struct jw *w, const struct archive *a)
{
    jw_obj(w);
    jw_kid(w, STR("id"), a->id);
    jw_kstr(w, STR("state"), str_c(archive_state_word(a->state)));
    jw_ki64(w, STR("total"), a->total);
    jw_ki64(w, STR("handled"), a->handled);
    jw_ki64(w, STR("bytes"), a->bytes);
    jw_ktime(w, STR("created_at"), a->created_ms);
    jw_ktime(w, STR("ready_at"), a->ready_ms);
    jw_ktime(w, STR("expires_at"), a->expires_ms);
    jw_obj_end(w);
}

static enum err reply_archive(struct ctx *c, struct http_res *r, const struct archive *a)
{
    struct jw w = jw_on(c->arena);
    put_archive(&w, a);
    return reply_json(r, jw_end(&w));
}

/* GET /api/parley/v1/archives */
enum err api_archives(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct archive all[ARCHIVES_SHOWN];
    struct jw w = jw_on(c->arena);
    int64_t n = 0;
    (void)q;
    TRY(archives_of(c, all, &n));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        put_archive(&w, &all[i]);
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* POST /api/parley/v1/archives */
enum err api_archive_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct archive *a = NULL;
    (void)q;
    TRY(archive_ask(c, &a));
    return reply_archive(c, r, a);
}

/* GET /api/parley/v1/archives/:id */
enum err api_archive_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct archive *a = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(archive_own(c, id, &a));
    return reply_archive(c, r, a);
}

/* GET /api/parley/v1/archives/:id/file : takes ranges */
enum err api_archive_file(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(archive_open(c, id, &r->file_fd, &r->file_size));
    r->status = 200;
    r->type = STR("application/zip");
    http_res_header(r, STR("Cache-Control"), STR("private, no-store"));
    http_res_header(r, STR("ETag"), arena_strf(c->arena, "\"%lld\"", (long long)id));
    http_res_header(r, STR("Content-Disposition"), STR("attachment; filename=\"archive.zip\""));
    return OK;
}

/* DELETE /api/parley/v1/archives/:id */
enum err api_archive_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(archive_remove(c, id));
    return reply_json(r, STR("{}"));
}
