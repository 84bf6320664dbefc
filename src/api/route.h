/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/limiter.h"
#include "model/scope.h"
#include "net/http.h"

/* One row is one endpoint: it exists because its line stands in api/routes.c. Everything about who may call it, how
   often and with how much is in the row; api/dispatch.c enforces it before the handler runs. */
enum who {
    WHO_ANYONE,        /* no token needed; a valid one is honoured, a wrong one refused */
    WHO_APP,           /* any valid token, with a member or without */
    WHO_MEMBER,        /* a token of a member who may sign in */
    WHO_WRITER,        /* a member who is not frozen, on a server that takes writes */
    WHO_MONITOR,       /* whom the configuration lets read the server's figures; members' tokens are not looked at */
    WHO_PUBLIC_WRITER, /* nobody in particular, on a server that takes writes (sign-up, app registration) */
};

typedef enum err handler_fn(struct ctx *c, const struct http_req *q, struct http_res *r);

struct route {
    enum http_method method; /* HTTP_PUT rows also answer PATCH, and the other way round (clients differ) */
    const char *path;        /* parts that begin with ':' match one part and land in q->args */
    enum who who;
    uint64_t scope;        /* all of these bits must be granted; SCOPE_NONE: none */
    enum limit_kind limit; /* LIMIT_KINDS: none, not even the general one */
    uint32_t body_max;     /* bytes, or HTTP_BODY_TO_FILE */
    bool in_memory;        /* tried on the loop thread first; ERR_COLD hands it to a worker */
    handler_fn *run;
};

/* The row for a request, with q->args filled; NULL: none. `other_method`: the path exists for another method. */
const struct route *route_find(struct http_req *q, bool *other_method);
