/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/session.h"

/* One-time secrets in links and codes. */
/* Inside the caller's transaction. *secret goes out, only its hash is stored. Account tickets of one kind replace each
   other, but for codes (an app may be authorized twice at once) and second steps. */
enum err ticket_issue(struct ctx *c, enum ticket_kind kind, int64_t account_id, struct str data, int64_t lasts_ms,
                      struct str *secret) NODISCARD;
/* ERR_GONE when there is none, or it is used or expired: one answer, one text. */
enum err ticket_get(struct ctx *c, enum ticket_kind kind, struct str secret, struct ticket **out) NODISCARD;
