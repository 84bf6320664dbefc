/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/visit.h"

#include "base/id.h"
#include "model/site.h"

#define BACK_MAX 2000 /* bytes */

struct str visit_param(const struct visit *v, const char *name)
{
    struct str value = http_param(v->q, name);
    return value.p == NULL ? STR("") : value;
}

bool visit_id(const struct visit *v, const char *name, int64_t *out)
{
    return id_parse(visit_param(v, name), out);
}

enum err visit_arg_id(struct visit *v, int64_t *out)
{
    return id_parse(v->q->args[0], out) ? OK : fail(v->c, ERR_NOT_FOUND, "There is nothing at this address.");
}

bool visit_is_local(struct str path)
{
    if (path.n == 0 || path.n > BACK_MAX || path.p[0] != '/')
        return false;
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)path.p[i] <= 0x20 || path.p[i] == '\\' || path.p[i] == 0x7F)
            return false;
    return path.n == 1 || path.p[1] != '/';
}

enum err visit_go(struct visit *v, struct str path)
{
    http_res_redirect(v->r, 303, visit_is_local(path) ? path : STR("/"));
    return OK;
}

enum err visit_go_back(struct visit *v, struct str otherwise)
{
    struct str back = visit_param(v, "back");
    return visit_go(v, visit_is_local(back) ? back : otherwise);
}

struct str visit_here(const struct visit *v)
{
    struct str target = v->q->target;
    return v->q->method == HTTP_POST ? visit_param(v, "back") : visit_is_local(target) ? target : STR("/");
}

struct str visit_relative(const struct visit *v, struct str url)
{
    struct str base = v->c->site->base_url;
    return str_starts(url, base) && url.n > base.n ? str_skip(url, base.n) : url;
}
