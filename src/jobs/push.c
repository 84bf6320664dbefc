/* SPDX-License-Identifier: Apache-2.0 */
#include "core/push.h"

#include "base/log.h"
#include "courier/webpush.h"
#include "jobs/kinds.h"
#include "model/site.h"

enum err job_push(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return push_plan(c, j->subject);
}

static struct webpush_sender sender_of(struct ctx *c, const struct job_tools *tools)
{
    const struct site *s = c->site;
    return (struct webpush_sender){
        .key = s->vapid_key,
        .public64 = s->vapid_public,
        .contact =
            s->contact_email.n == 0 ? s->base_url : arena_strf(c->arena, "mailto:" STR_FMT, STR_ARG(s->contact_email)),
        .any_address = s->testing,
        .hosts = tools->hosts,
    };
}

/* Payload: the session whose app is told. What a service refuses for good, or does not take at the last try, takes the
   subscription with it: apps subscribe anew when they are opened. */
enum err job_push_send(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    struct push_message m = { 0 };
    struct webpush_sender sender = sender_of(c, tools);
    int64_t session_id = 0;
    if (!str_to_i64(j->payload, &session_id))
        return fail(c, ERR_INVALID, "the payload is no session");
    TRY(push_message(c, j->subject, session_id, &m));
    if (m.to == NULL)
        return OK;
    struct webpush w = {
        .endpoint = m.to->endpoint,
        .p256dh = m.to->p256dh,
        .auth = m.to->auth,
        .standard = m.to->standard,
        .payload = m.payload,
        .topic = m.topic,
        .urgency = m.urgency,
        .ttl_s = PUSH_TTL_S,
    };
    enum err e = webpush_send(c, &sender, &w);
    bool is_last = j->tries + 1 >= job_row_of(j->kind)->tries_max;
    if (e != ERR_GONE && !(e == ERR_UNAVAILABLE && is_last))
        return e;
    log_info(c->id, "a push subscription ends: " STR_FMT, STR_ARG(c->says));
    TRY(push_gone(c, m.to));
    return e == ERR_GONE ? OK : e;
}
