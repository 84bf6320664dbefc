/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/push.h"

/* Web push: what c->me's apps asked for by their tokens, and what they are sent. Any thread with c->db. */
#define PUSH_TTL_S \
    (48 * 3600) /* how long a service keeps what a sleeping device cannot take; older ones are not sent */

/* What an app asks for; keys as it wrote them, in either alphabet of base64. */
struct push_wish {
    struct str endpoint;
    struct str p256dh;
    struct str auth;
    bool standard;
    uint64_t alerts;
    enum push_policy policy;
    struct str token; /* the one it asks with */
};

/* For c->session, in place of what it had. ERR_INVALID says which field is wrong. */
enum err push_subscribe(struct ctx *c, const struct push_wish *wish, struct push_subscription **out) NODISCARD;
enum err push_get(struct ctx *c, struct push_subscription **out) NODISCARD; /* ERR_NOT_FOUND */
enum err push_change(struct ctx *c, uint64_t alerts, enum push_policy policy,
                     struct push_subscription **out) NODISCARD; /* ERR_NOT_FOUND */
enum err push_unsubscribe(struct ctx *c) NODISCARD;             /* nothing when there is none */

struct str push_policy_word(enum push_policy p);
bool push_policy_parse(struct str word, enum push_policy *out);

/* --- for jobs --- */

/* Leaves a JOB_PUSH_SEND for each app of whoever was told that wants to know. */
enum err push_plan(struct ctx *c, int64_t notification_id) NODISCARD;

struct push_message {
    const struct push_subscription *to; /* NULL: nothing to send, or not any more */
    struct str payload;                 /* JSON */
    struct str topic;                   /* the same thing told twice has the same (RFC 8030 5.4) */
    struct str urgency;                 /* RFC 8030 5.3 */
};
enum err push_message(struct ctx *c, int64_t notification_id, int64_t session_id, struct push_message *out) NODISCARD;
/* The service says that nobody listens there any more. */
enum err push_gone(struct ctx *c, const struct push_subscription *p) NODISCARD;
