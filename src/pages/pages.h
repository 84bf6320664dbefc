/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "net/http.h"

/* The HTML door: every address that is not the JSON door's. No page needs JavaScript. */
/* Runs on: worker. Always answers. */
void pages_dispatch(struct ctx *c, const struct http_req *q, struct http_res *r);
/* Runs on: loop, with c->db == NULL. False: not answerable from memory, give it to a worker. */
bool pages_from_memory(struct ctx *c, const struct http_req *q, struct http_res *r);
/* Bytes of body that this request may have. */
size_t pages_body_limit(enum http_method m, struct str path);
/* Whether the body of this request may come, which goes to a file. False: `r` is the answer. Runs on: worker. */
bool pages_admit(struct ctx *c, const struct http_req *q, struct http_res *r);
/* The error page of a status, made without the store. */
void pages_refuse(struct ctx *c, int status, struct http_res *r);
