/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/notification.h"

/* The tables `notification_rule` and `notification_permit`, at the bucket of the reader. Writes run inside the caller's
   transaction. Any thread. */

/* Of each of ids, in one statement: what they changed, over what is usual (limited people are not heard of, all others
   are). False in *any: nobody changed anything. */
enum err store_policy_load(struct ctx *c, const int64_t *ids, int64_t n, struct notification_policy *out,
                           bool *any) NODISCARD;
enum err store_policy_set(struct ctx *c, int64_t account_id, enum notification_rule rule,
                          enum notification_verdict verdict) NODISCARD;

/* How readers know somebody, as far as a policy asks. */
struct acquaintance {
    bool follows;           /* the reader follows them */
    int64_t followed_by_id; /* they follow the reader: when, by the follow's id; 0: they do not */
    bool permitted;         /* the reader accepted their request */
};
/* Of each of ids as readers of from_id. */
enum err store_policy_readers(struct ctx *c, int64_t from_id, const int64_t *ids, int64_t n,
                              struct acquaintance *out) NODISCARD;
/* Which of `from` reader_id accepted. */
enum err store_policy_permitted(struct ctx *c, int64_t reader_id, const int64_t *from, int64_t n, bool *out) NODISCARD;
enum err store_policy_permit(struct ctx *c, int64_t reader_id, int64_t from_id) NODISCARD;
enum err store_policy_clear(struct ctx *c, int64_t account_id) NODISCARD; /* all that is one's own */
