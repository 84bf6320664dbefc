/* SPDX-License-Identifier: Apache-2.0 */
#include "core/export.h"

#include "api/reply.h"
#include "api/routes.h"

/* GET /api/parley/v1/export/following_accounts.csv and the like: a row each, since each has its scope. */
enum err api_export_csv(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    enum export_file which = EXPORT_FOLLOWING;
    struct str rest = q->path;
    struct str name = { 0 };
    while (str_cut(&rest, '/', &name))
        continue;
    if (!export_file_of(name, &which))
        return fail(c, ERR_NOT_FOUND, "Not Found");
    TRY(export_csv(c, which, &r->file_fd, &r->file_size));
    r->status = 200;
    r->type = STR("text/csv; charset=utf-8");
    http_res_header(r, STR("Cache-Control"), STR("private, no-store"));
    http_res_header(r, STR("Content-Disposition"),
                    arena_strf(c->arena, "attachment; filename=\"%s\"", export_file_name(which)));
    return OK;
}
