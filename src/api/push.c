/* SPDX-License-Identifier: Apache-2.0 */
#include "core/push.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/notification.h"
#include "model/site.h"

/* What apps may be told of: the types that the API names as alerts. */
static const enum notification_type alerts[] = {
    NOTE_MENTION, NOTE_STATUS, NOTE_REBLOG,        NOTE_FOLLOW,       NOTE_FOLLOW_REQUEST, NOTE_FAVOURITE,
    NOTE_POLL,    NOTE_UPDATE, NOTE_ADMIN_SIGN_UP, NOTE_ADMIN_REPORT, NOTE_QUOTE,          NOTE_QUOTED_UPDATE
};
#define ALERTS (sizeof alerts / sizeof alerts[0])

static enum err reply_push(struct ctx *c, const struct push_subscription *p, struct http_res *r)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_ki64(&w, STR("id"), p->id);
    jw_kstr(&w, STR("endpoint"), p->endpoint);
    jw_kbool(&w, STR("standard"), p->standard);
    jw_kobj(&w, STR("alerts"));
    for (size_t i = 0; i < ALERTS; i++)
        jw_kbool(&w, notification_word(alerts[i]), (p->alerts >> alerts[i] & 1) != 0);
    jw_obj_end(&w);
    jw_kstr(&w, STR("server_key"), c->site->vapid_public);
    jw_kstr(&w, STR("policy"), push_policy_word(p->policy));
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* data[alerts][mention]=1 ..., and the policy, which clients send in either place. */
static enum err parse_data(struct ctx *c, const struct http_req *q, uint64_t *wanted, enum push_policy *policy)
{
    struct str word = http_param(q, "data[policy]");
    word = word.n > 0 ? word : http_param(q, "policy");
    *wanted = 0;
    *policy = PUSH_ALL;
    for (size_t i = 0; i < ALERTS; i++) {
        struct str name = notification_word(alerts[i]);
        if (http_bool(q, arena_strf(c->arena, "data[alerts][" STR_FMT "]", STR_ARG(name)).p, false))
            *wanted |= UINT64_C(1) << alerts[i];
    }
    if (word.n > 0 && !push_policy_parse(word, policy))
        return fail(c, ERR_INVALID, "Validation failed: Policy must be all, followed, follower or none");
    return OK;
}

/* POST /api/v1/push/subscription */
enum err api_push_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct push_subscription *p = NULL;
    struct push_wish wish = {
        .endpoint = http_param(q, "subscription[endpoint]"),
        .p256dh = http_param(q, "subscription[keys][p256dh]"),
        .auth = http_param(q, "subscription[keys][auth]"),
        .standard = http_bool(q, "subscription[standard]", false),
        .token = q->token,
    };
    TRY(parse_data(c, q, &wish.alerts, &wish.policy));
    TRY(push_subscribe(c, &wish, &p));
    return reply_push(c, p, r);
}

/* GET /api/v1/push/subscription */
enum err api_push_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct push_subscription *p = NULL;
    (void)q;
    TRY(push_get(c, &p));
    return reply_push(c, p, r);
}

/* PUT /api/v1/push/subscription */
enum err api_push_change(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct push_subscription *p = NULL;
    uint64_t wanted = 0;
    enum push_policy policy = PUSH_ALL;
    TRY(parse_data(c, q, &wanted, &policy));
    TRY(push_change(c, wanted, policy, &p));
    return reply_push(c, p, r);
}

/* DELETE /api/v1/push/subscription */
enum err api_push_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    TRY(push_unsubscribe(c));
    return reply_json(r, STR("{}"));
}
