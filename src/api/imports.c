/* SPDX-License-Identifier: Apache-2.0 */
#include "core/import_archive.h"

#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"

static void put_import(struct jw *w, const struct import *i)
{
    struct str rest = i->problems;
    struct str line = { 0 };
    jw_obj(w);
    jw_kid(w, STR("id"), i->id);
    jw_kstr(w, STR("type"), str_c(import_kind_word(i->kind)));
    jw_kstr(w, STR("state"), str_c(import_state_word(i->state)));
    jw_kstr(w, STR("mode"), i->overwrite ? STR("overwrite") : STR("merge"));
    jw_kstr(w, STR("file_name"), i->file_name);
    jw_ki64(w, STR("total"), i->total);
    jw_ki64(w, STR("handled"), i->handled);
    jw_ki64(w, STR("added"), i->added);
    jw_ki64(w, STR("skipped"), i->skipped);
    jw_ki64(w, STR("failed"), i->failed);
    jw_karr(w, STR("problems"));
    while (rest.n > 0 && str_cut(&rest, '\n', &line))
        jw_str(w, line);
    jw_arr_end(w);
    jw_ktime(w, STR("created_at"), i->created_ms);
    jw_ktime(w, STR("ended_at"), i->ended_ms);
    jw_obj_end(w);
}

static enum err reply_import(struct ctx *c, struct http_res *r, const struct import *i)
{
    struct jw w = jw_on(c->arena);
    put_import(&w, i);
    return reply_json(r, jw_end(&w));
}

/* GET /api/parley/v1/imports : the newest ones */
enum err api_imports(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct jw w = jw_on(c->arena);
    struct import *all = NULL;
    int64_t n = 0;
    (void)q;
    TRY(imports_of(c, &all, &n));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        put_import(&w, &all[i]);
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/parley/v1/imports/:id */
enum err api_import_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct import *i = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(import_own(c, id, &i));
    return reply_import(c, r, i);
}

/* POST /api/parley/v1/imports : type, mode=merge|overwrite, data (a file) */
enum err api_import_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct import_wish w = { 0 };
    struct import *i = NULL;
    struct str mode = http_param(q, "mode");
    const struct http_param *file = http_file(q, "data");
    if (!import_kind_parse(http_param(q, "type"), &w.kind))
        w.kind = IMPORT_NONE;
    w.overwrite = str_eq(mode, STR("overwrite"));
    if (mode.n > 0 && !w.overwrite && !str_eq(mode, STR("merge")))
        return fail(c, ERR_INVALID, "Validation failed: Mode is none of merge, overwrite");
    if (file != NULL) {
        w.file_name = file->file_name;
        w.bytes = file->value;
    }
    TRY(import_list_add(c, &w, &i));
    return reply_import(c, r, i);
}

/* POST /api/parley/v1/imports/archive : data (a file), visibility (nothing becomes more public) */
enum err api_import_archive(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct archive_wish w = { 0 };
    struct import *i = NULL;
    int reach = -1;
    const struct http_param *file = http_file(q, "data");
    TRY(parse_visibility(c, http_param(q, "visibility"), &reach));
    w.visibility = reach < 0 ? VIS_PUBLIC : (enum visibility)reach;
    if (file != NULL) {
        w.file_name = file->file_name;
        w.bytes = file->value;
    }
    TRY(import_archive_add(c, &w, &i));
    return reply_import(c, r, i);
}

/* POST /api/parley/v1/imports/:id/undo */
enum err api_import_undo(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct import *i = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(import_undo(c, id, &i));
    return reply_import(c, r, i);
}

/* DELETE /api/parley/v1/imports/:id */
enum err api_import_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(import_forget(c, id));
    return reply_json(r, STR("{}"));
}
