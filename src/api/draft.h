/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/status_draft.h"
#include "net/http.h"

/* What a client wrote, from the parameters of POST /api/v1/statuses; also for drafts and what is scheduled. */
enum err draft_parse(struct ctx *c, const struct http_req *q, struct status_draft *d) NODISCARD;
/* POST /api/v1/statuses with scheduled_at. */
enum err reply_scheduled_new(struct ctx *c, const struct http_req *q, const struct status_draft *d,
                             struct http_res *r) NODISCARD;
