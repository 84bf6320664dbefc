/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/filter.h"
#include "net/http.h"

/* Answers made of rendered replies: found under one hold of the feed's lock, copied into one buffer with the reader's
   marks in their holes (docs/decisions/0002). Nothing is allocated per status. Runs on: loop (ERR_COLD when something
   is not in memory) and worker (which renders it, and answers the same bytes).

   The answer has a strong ETag made of the versions of what it holds and of the marks; a request that names it is
   answered 304 before anything is copied. `Cache-Control: private, no-cache`: a client may keep the page, but must ask.
 */

/* A JSON array of statuses that the feed gave for c->me (feed_home, feed_list, feed_local; n <= FEED_PAGE_MAX), in
   order. Echoes of what c->me may not see and what their filters hide
   `where` are left out, and what is not there any more is told to the feed. */
enum err reply_statuses(struct ctx *c, const struct http_req *q, struct http_res *r, enum filter_context where,
                        const int64_t *ids, int64_t n) NODISCARD;
/* The same with Link headers. */
struct timeline;
enum err reply_timeline(struct ctx *c, const struct http_req *q, struct http_res *r,
                        const struct timeline *t) NODISCARD;
/* One status that c->me may see, as an object. */
enum err reply_one_status(struct ctx *c, const struct http_req *q, struct http_res *r, int64_t id) NODISCARD;
/* One account that c->me may see. */
enum err reply_one_account(struct ctx *c, const struct http_req *q, struct http_res *r, int64_t id) NODISCARD;
