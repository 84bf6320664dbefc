/* SPDX-License-Identifier: Apache-2.0 */
#include "main/console.h"

#include "api/api.h"
#include "base/jw.h"
#include "main/server.h"
#include "main/version.h"

typedef enum err console_fn(struct ctx *c, struct server *s, const struct http_req *q, struct str *out);

struct console_row {
    enum http_method method;
    const char *path;
    console_fn *run;
};

/* GET /console/version */
static enum err console_version(struct ctx *c, struct server *s, const struct http_req *q, struct str *out)
{
    (void)s;
    (void)q;
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("version"), STR(PARLEY_VERSION));
    jw_obj_end(&w);
    *out = jw_end(&w);
    return OK;
}

static const struct console_row rows[] = {
    { HTTP_GET, "/console/version", console_version },
};

static enum err run(struct ctx *c, struct server *s, const struct http_req *q, struct str *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].method == q->method && str_eq(q->path, str_c(rows[i].path)))
            return rows[i].run(c, s, q, out);
    return fail(c, ERR_NOT_FOUND, "This server does not know the command; is it older than the program?");
}

void console_dispatch(struct ctx *c, struct server *s, const struct http_req *q, struct http_res *r)
{
    enum err e = run(c, s, q, &r->body);
    r->status = http_status_of(e);
    if (e == OK)
        return;
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("error"), c->says);
    jw_obj_end(&w);
    r->body = jw_end(&w);
}
