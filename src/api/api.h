/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "net/http.h"

/* The JSON door: /api, /oauth/token, /oauth/revoke, /oauth/userinfo, /.well-known, /nodeinfo. Finds the row, checks it,
   runs it, turns enum err into a status and {"error": ...}. /withheld is here for tokens, and a page for cookies. */
bool api_owns(struct str path);
bool api_owns_request(const struct http_req *q);
/* Runs on: worker. Always answers. */
void api_dispatch(struct ctx *c, const struct http_req *q, struct http_res *r);
/* Runs on: loop, with c->db == NULL. False: not answerable from memory, give it to a worker. */
bool api_from_memory(struct ctx *c, const struct http_req *q, struct http_res *r);
/* Bytes of body that this request may have. */
size_t api_body_limit(enum http_method m, struct str path);
/* Whether the body of this request may come, which goes to a file. False: `r` is the answer. Runs on: worker. */
bool api_admit(struct ctx *c, const struct http_req *q, struct http_res *r);
/* The JSON answer for a status that never reached a handler (413, 431, 503 ...). Counted, too. With c->db == NULL, so
   never waits. Runs on: any. */
void api_refuse(struct ctx *c, const struct http_req *q, int status, struct http_res *r);
