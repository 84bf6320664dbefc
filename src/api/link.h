/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "net/http.h"

/* Pages of the client API. */
/* max_id, since_id, min_id, limit (clamped to 1..max), offset. Ids that are no decimal are refused with ERR_INVALID:
   the first page in their stead would send whoever walks down a list around in a circle. */
enum err page_parse(struct ctx *c, const struct http_req *q, int64_t limit_default, int64_t limit_max,
                    struct page *out) NODISCARD;
/* Link: <…max_id=last>; rel="next", <…min_id=first>; rel="prev". Absolute, next first, other parameters kept. Nothing
   for an empty page. `prev_is_since`: since_id in place of min_id (follow_requests, favourited_by ...). */
void page_links(struct ctx *c, const struct http_req *q, struct http_res *r, int64_t first_id, int64_t last_id,
                bool prev_is_since);
/* The same for ranked lists, which have no ids to go by: offset=. `more`: something may stand behind this page. */
void offset_links(struct ctx *c, const struct http_req *q, struct http_res *r, const struct page *p, bool more);
