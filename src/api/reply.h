/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/id.h"
#include "core/status_page.h"
#include "model/filter.h"
#include "net/http.h"

/* What most handlers begin and end with. */

/* The id at a place of the path; what is no id is not there. */
static inline enum err path_id(struct ctx *c, const struct http_req *q, int i, int64_t *out)
{
    return id_parse(q->args[i], out) ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

static inline enum err reply_json(struct http_res *r, struct str json)
{
    r->status = 200;
    r->body = json;
    return OK;
}

/* One parley as c->me sees it. */
enum err reply_status(struct ctx *c, int64_t id, struct http_res *r) NODISCARD;
/* A page of them with its links. */
enum err reply_status_page(struct ctx *c, const struct http_req *q, struct http_res *r, enum filter_context where,
                           const struct status_page *page) NODISCARD;
/* "public" ...; -1 when not given: the member's default. ERR_INVALID for any other word. */
enum err parse_visibility(struct ctx *c, struct str word, int *out) NODISCARD;
/* A token as RFC 6749 5.1 wants it. */
struct oauth_token;
enum err reply_token(struct ctx *c, const struct oauth_token *t, struct http_res *r) NODISCARD;
