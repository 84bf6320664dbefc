/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "model/notification.h"
#include "model/page.h"

/* Whom c->me wants to hear of, and who waits for the decision. A policy is asked when something is told: what it drops
   is never stored, what it filters waits as a request, one for each person, until c->me accepts it (then they are heard
   of from now on) or dismisses it. Mentions by moderators are always told. Any thread with c->db. */
#define POLICY_FRIEND_DAYS   3    /* for so long a new follower counts as none */
#define POLICY_NEW_DAYS      30   /* an account is new for so long */
#define REQUEST_NOTES_MAX    100  /* notifications of one person that wait; later ones are dropped */
#define REQUESTS_COUNTED_MAX 1000 /* waiting notifications that a summary counts */
#define REQUESTS_AT_ONCE_MAX 80

/* "filter", "not_following"; p == NULL: there is none. */
struct str verdict_word(enum notification_verdict v);
struct str rule_word(enum notification_rule r);

struct policy_summary {
    int64_t people;
    int64_t notes;
};
enum err policy_get(struct ctx *c, struct notification_policy *out, struct policy_summary *sum) NODISCARD;
/* Sets what differs from what is. */
enum err policy_set(struct ctx *c, const struct notification_policy *to) NODISCARD;

/* What becomes of telling each of ids what c->me does. Reads only, and nothing but one probe unless somebody has a
   policy or c->me is limited. */
enum err policy_judge(struct ctx *c, enum notification_type type, int64_t status_id, const int64_t *ids, int64_t n,
                      enum notification_verdict *out) NODISCARD;

struct request_page {
    struct notification_request *rows; /* newest account first */
    struct account **from;
    int64_t n;
    int64_t first; /* for links; 0: nothing shown */
    int64_t last;
};
enum err request_list(struct ctx *c, const struct page *p, struct request_page *out) NODISCARD;
/* By the id of the person. ERR_NOT_FOUND: nothing of theirs waits. */
enum err request_get(struct ctx *c, int64_t from_id, struct notification_request *out) NODISCARD;
/* Of several people at once; who has nothing that waits is passed over. */
enum err requests_accept(struct ctx *c, const int64_t *from, int64_t n) NODISCARD;
enum err requests_dismiss(struct ctx *c, const int64_t *from, int64_t n) NODISCARD;
