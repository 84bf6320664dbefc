/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/saved.h"
#include "model/status_draft.h"

/* Parleys of c->me that are published at a time to come. A job takes the row away in the transaction that publishes it,
   so that it happens once, whatever is killed. While the server or the member may not write it waits; what cannot be
   published any more (its attachments are gone ...) becomes a draft and is not lost. Any thread. */
#define SCHEDULED_AHEAD_S 300 /* from now at least; a second while testing */
#define SCHEDULED_MAX     300 /* of a member */
#define SCHEDULED_DAY_MAX 25  /* of a member, due within one day (UTC) */

/* Refuses what publishing would refuse now. With an idempotency key that was used within the hour, gives what it made
   then. */
enum err scheduled_add(struct ctx *c, const struct status_draft *d, int64_t due_ms, struct scheduled **out) NODISCARD;
enum err scheduled_list(struct ctx *c, const struct page *p, struct scheduled **out, int64_t *n) NODISCARD;
enum err scheduled_get(struct ctx *c, int64_t id, struct scheduled **out) NODISCARD; /* ERR_NOT_FOUND */
enum err scheduled_move(struct ctx *c, int64_t id, int64_t due_ms, struct scheduled **out) NODISCARD;
enum err scheduled_remove(struct ctx *c, int64_t id) NODISCARD;
/* For the job: when it is due. */
enum err scheduled_publish(struct ctx *c, int64_t id) NODISCARD;
