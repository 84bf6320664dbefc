/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "model/notification.h"

/* Telling members what c->me did. Whether somebody wants to hear it is asked before the transaction, in one statement;
   the rows are written inside it. Any thread. */

/* Keeps in ids (its new length in *n) whoever may be told: not c->me; nobody who blocks or is blocked, who mutes c->me
   with their notifications or the thread (0: none). */
enum err notify_filter(struct ctx *c, int64_t thread_id, int64_t *ids, int64_t *n) NODISCARD;
/* Inside the caller's transaction, as the policy of each of them has it (core/notification_policy.h): told, set aside
   or dropped. status_id 0: about none. */
enum err notify_all(struct ctx *c, const int64_t *ids, int64_t n, enum notification_type type,
                    int64_t status_id) NODISCARD;

/* Telling moderators what somebody did: asked before the transaction, written inside it. note says type, from_id and
   report_id. Whoever did it is not told, should they be a moderator themselves. */
#define STAFF_TOLD_MAX 200
enum err notify_staff_list(struct ctx *c, struct account ***out, int64_t *n) NODISCARD;
enum err notify_staff(struct ctx *c, struct account *const *staff, int64_t n,
                      const struct notification *note) NODISCARD;
