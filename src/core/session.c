/* SPDX-License-Identifier: Apache-2.0 */
#include "core/session.h"

#include "base/clock.h"
#include "base/rng.h"
#include "core/secret.h"
#include "feed/feed.h"
#include "model/site.h"
#include "store/member.h"
#include "store/session.h"
#include "store/ticket.h"
#include "store/tx.h"

/* The oldest beyond the member's limit end, so that a client that signs in again and again fills nothing. */
static enum err make_room(struct ctx *c, struct session_new *n)
{
    struct session *all = NULL;
    int64_t count = 0;
    TRY(store_session_list(c, n->session.account_id, SESSIONS_LIST_MAX, &all, &count));
    int64_t keep = c->site->sessions_max < SESSIONS_LIST_MAX ? c->site->sessions_max : SESSIONS_LIST_MAX - 1;
    if (count <= keep || keep < 1)
        return OK;
    n->ended = all + keep;
    n->ended_n = count - keep;
    for (int64_t i = 0; i < n->ended_n; i++)
        TRY(store_session_delete(c, &n->ended[i]));
    return OK;
}

enum err session_open(struct ctx *c, struct session_new *n)
{
    struct session *s = &n->session;
    n->secret = rand_token(c->arena);
    s->hash = secret_hash(c->arena, n->secret);
    s->created_ms = c->now_ms;
    s->used_ms = c->now_ms;
    s->ip = c->ip;
    s->user_agent = str_head(s->user_agent, USER_AGENT_MAX);
    while (s->user_agent.n > 0 && !str_is_utf8(s->user_agent)) /* cut within a character, or not text at all */
        s->user_agent.n--;
    TRY(store_session_insert(c, s));
    return s->account_id == 0 ? OK : make_room(c, n);
}

void session_opened(struct ctx *c, const struct session_new *n)
{
    for (int64_t i = 0; i < n->ended_n; i++)
        feed_session_ended(c->feed, n->ended[i].hash);
}

enum err session_list(struct ctx *c, struct session **out, int64_t *n)
{
    if (c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    return store_session_list(c, c->me->id, SESSIONS_LIST_MAX, out, n);
}

static enum err end_one(struct ctx *c, const struct session *s)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_session_delete(c, s));
    TRY(tx_commit(&tx));
    feed_session_ended(c->feed, s->hash);
    return OK;
}

enum err session_end(struct ctx *c, int64_t id)
{
    struct session *s = NULL;
    TRY(store_session_find(c, id, &s));
    if (s == NULL || c->me == NULL || s->account_id != c->me->id)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    return end_one(c, s);
}

enum err session_end_mine(struct ctx *c)
{
    return c->session == NULL ? OK : end_one(c, c->session);
}

enum err session_end_all(struct ctx *c, int64_t account_id, int64_t keep_id)
{
    struct session *all = NULL;
    int64_t n = 0;
    do {
        TRY(store_session_list(c, account_id, SESSIONS_LIST_MAX, &all, &n));
        for (int64_t i = 0; i < n; i++)
            if (all[i].id != keep_id)
                TRY(store_session_delete(c, &all[i]));
    } while (n == SESSIONS_LIST_MAX);
    /* nor may a sign-in or an app's code that is half way become a new one */
    TRY(store_ticket_delete_all(c, account_id, TICKET_TOTP));
    return store_ticket_delete_all(c, account_id, TICKET_CODE);
}

enum err session_end_others(struct ctx *c)
{
    TX tx = { 0 };
    if (c->me == NULL || c->session == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    TRY(tx_begin(c, &tx));
    TRY(session_end_all(c, c->me->id, c->session->id));
    TRY(tx_commit(&tx));
    feed_sessions_ended(c->feed, c->me->id);
    return OK;
}

enum err session_seen(struct ctx *c)
{
    TX tx = { 0 };
    const struct session *s = c->session;
    if (s == NULL || c->now_ms - s->used_ms < DAY_MS || c->site->mode == MODE_READ_ONLY || c->site->disk_full)
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    TRY(tx_begin(c, &tx));
    TRY(store_session_touch(c, s->id, c->now_ms, c->ip));
    if (s->account_id != 0)
        TRY(store_member_set_seen(c, s->account_id, c->now_ms));
    TRY(tx_commit(&tx));
    feed_session_ended(c->feed, s->hash); /* what the feed keeps of it has the old time; it is read again */
    return OK;
}
