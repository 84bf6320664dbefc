/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ctx.h"

#include <stdarg.h>

#include "base/log.h"

enum err fail(struct ctx *c, enum err e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    c->says = arena_vstrf(c->arena, fmt, ap);
    va_end(ap);
    return e;
}

enum err fail_internal(struct ctx *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str why = arena_vstrf(c->arena, fmt, ap);
    va_end(ap);
    log_error(c->id, "internal: " STR_FMT, STR_ARG(why));
    c->says = STR("internal error");
    return ERR_INTERNAL;
}

void fail_field(struct ctx *c, struct str field, struct str code, struct str description)
{
    struct field_errors *f = ARENA_NEW(c->arena, struct field_errors);
    *f = (struct field_errors){ .field = field, .code = code, .description = description };
    struct field_errors **end = &c->fields;
    while (*end != NULL)
        end = &(*end)->next;
    *end = f;
}
