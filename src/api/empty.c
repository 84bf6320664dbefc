/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes.h"

/* What this server truly has none of: the answer is empty because nothing is there. */

static enum err answer(struct http_res *r, struct str json)
{
    r->status = 200;
    r->body = json;
    return OK;
}

enum err api_empty_list(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)c;
    (void)q;
    return answer(r, STR("[]"));
}

/* GET /api/v1_alpha/async_refreshes/:id: every answer here is whole when it is given, so none carries the header
   Mastodon-Async-Refresh, and no id was ever given out. */
enum err api_async_refresh(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    (void)r;
    return fail(c, ERR_NOT_FOUND, "Record not found");
}

/* GET /api/proofs: whom Keybase asked about; nobody here has proofs for it. */
enum err api_proofs(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    (void)r;
    return fail(c, ERR_NOT_FOUND, "Record not found");
}
