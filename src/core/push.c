/* SPDX-License-Identifier: Apache-2.0 */
#include "core/push.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/jw.h"
#include "base/rng.h"
#include "core/address.h"
#include "core/filter.h"
#include "core/notification.h"
#include "core/secret.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "model/account.h"
#include "model/session.h"
#include "model/site.h"
#include "store/bond.h"
#include "store/follow.h"
#include "store/job.h"
#include "store/member.h"
#include "store/notification.h"
#include "store/push.h"
#include "store/status.h"
#include "store/tx.h"

#define NAME_MAX_BYTES 200 /* of who did it, in the title */
#define BODY_MAX_BYTES 600 /* of what they said: a message holds 4096 bytes in all, encrypted */
#define TOPIC_BYTES    24  /* 32 characters, the most that RFC 8030 allows */

static const char *const policy_words[PUSH_POLICIES] = { "all", "followed", "follower", "none" };

struct str push_policy_word(enum push_policy p)
{
    return str_c(policy_words[p]);
}

bool push_policy_parse(struct str word, enum push_policy *out)
{
    for (int i = 0; i < PUSH_POLICIES; i++) {
        if (!str_eq(word, str_c(policy_words[i])))
            continue;
        *out = (enum push_policy)i;
        return true;
    }
    return false;
}

/* --- what apps ask for --- */

static enum err wrong(struct ctx *c, const char *field, const char *code, const char *says)
{
    fail_field(c, str_c(field), str_c(code), str_c(says));
    return fail(c, ERR_INVALID, "Validation failed: %s %s", field, says);
}

/* Nothing but what an address is made of, so that it can stand in a request line and a log. */
static enum err check_endpoint(struct ctx *c, struct str url)
{
    bool is_web = str_starts(url, STR("https://")) || (c->site->testing && str_starts(url, STR("http://")));
    if (url.n == 0)
        return wrong(c, "endpoint", "ERR_BLANK", "can't be blank");
    if (!is_web || url.n > PUSH_ENDPOINT_MAX)
        return wrong(c, "endpoint", "ERR_INVALID", "must be an https address");
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || (unsigned char)url.p[i] >= 0x7F)
            return wrong(c, "endpoint", "ERR_INVALID", "must be an https address");
    return OK;
}

/* Apps write either alphabet, with padding or without; kept is base64url without. */
static bool read_key(struct ctx *c, struct str text, size_t bytes, struct str *out)
{
    unsigned char raw[PUSH_POINT_BYTES + 1];
    char *p = arena_alloc(c->arena, text.n + 1);
    size_t n = 0;
    size_t raw_n = 0;
    for (size_t i = 0; i < text.n && text.p[i] != '='; i++)
        p[n++] = text.p[i] == '+' ? '-' : text.p[i] == '/' ? '_' : text.p[i];
    *out = (struct str){ p, n };
    return sodium_base642bin(raw, sizeof raw, p, n, NULL, &raw_n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0
           && raw_n == bytes && (bytes != PUSH_POINT_BYTES || raw[0] == 4);
}

enum err push_subscribe(struct ctx *c, const struct push_wish *wish, struct push_subscription **out)
{
    TX tx = { 0 };
    struct push_subscription *p = ARENA_NEW(c->arena, struct push_subscription);
    *p = (struct push_subscription){
        .account_id = c->me->id,
        .session_id = c->session->id,
        .id = 1 + (int64_t)rand_below(c, (UINT64_C(1) << PUSH_ID_BITS) - 1),
        .endpoint = wish->endpoint,
        .standard = wish->standard,
        .alerts = wish->alerts,
        .policy = wish->policy,
        .token = secret_seal(c, wish->token),
        .created_ms = c->now_ms,
    };
    TRY(check_endpoint(c, wish->endpoint));
    if (!read_key(c, wish->p256dh, PUSH_POINT_BYTES, &p->p256dh))
        return wrong(c, "p256dh", "ERR_INVALID", "must be an uncompressed point on P-256 in base64");
    if (!read_key(c, wish->auth, PUSH_AUTH_BYTES, &p->auth))
        return wrong(c, "auth", "ERR_INVALID", "must be 16 bytes in base64");
    TRY(tx_begin(c, &tx));
    TRY(store_push_set(c, p));
    TRY(tx_commit(&tx));
    *out = p;
    return OK;
}

enum err push_get(struct ctx *c, struct push_subscription **out)
{
    TRY(store_push_find(c, c->me->id, c->session->id, out));
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "Not Found");
}

enum err push_change(struct ctx *c, uint64_t alerts, enum push_policy policy, struct push_subscription **out)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(push_get(c, out));
    (*out)->alerts = alerts;
    (*out)->policy = policy;
    TRY(store_push_set(c, *out));
    return tx_commit(&tx);
}

enum err push_unsubscribe(struct ctx *c)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_push_delete(c, c->me->id, c->session->id));
    return tx_commit(&tx);
}

enum err push_gone(struct ctx *c, const struct push_subscription *p)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_push_delete(c, p->account_id, p->session_id));
    return tx_commit(&tx);
}

/* --- what they are sent --- */

static enum err is_hidden(struct ctx *c, const struct notification *n, bool *hidden)
{
    struct status *s = NULL;
    *hidden = false;
    if (n->status_id != 0)
        TRY(store_status_find(c, n->status_id, &s));
    return s == NULL ? OK : filter_hides(c, FILTER_NOTIFICATIONS, &s, 1, hidden);
}

/* The notification as its reader sees it now: NULL when it is not there, not to be seen any more, filtered, or too old.
   c->me becomes the reader. */
static enum err find_note(struct ctx *c, int64_t id, struct notification **out)
{
    struct notification *n = NULL;
    struct account *me = NULL;
    bool hidden = false;
    *out = NULL;
    TRY(store_notification_find(c, id, &n));
    if (n == NULL || c->now_ms - n->created_ms > PUSH_TTL_S * SECOND_MS)
        return OK;
    enum err e = feed_account(c, n->account_id, &me);
    c->me = me;
    if (e == OK && (!me->active || me->standing.kind == STANDING_SUSPENDED || me->deletion_ms != 0))
        return OK;
    if (e == OK)
        e = notification_get(c, id, n);
    if (e == OK)
        e = is_hidden(c, n, &hidden);
    if (e == OK && !hidden)
        *out = n;
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err policy_allows(struct ctx *c, const struct notification *n, enum push_policy policy, bool *out)
{
    struct bond b = { 0 };
    struct follow *f = NULL;
    *out = policy == PUSH_ALL;
    if (policy == PUSH_FOLLOWED) {
        TRY(store_bond_load(c, n->account_id, &n->from_id, 1, &b));
        *out = b.follows;
    } else if (policy == PUSH_FOLLOWER) {
        TRY(store_follow_find(c, n->from_id, n->account_id, &f));
        *out = f != NULL;
    }
    return OK;
}

enum err push_plan(struct ctx *c, int64_t notification_id)
{
    TX tx = { 0 };
    struct notification *n = NULL;
    struct push_subscription *all = NULL;
    int64_t count = 0;
    int64_t wanted = 0;
    TRY(find_note(c, notification_id, &n));
    if (n == NULL)
        return OK;
    TRY(store_push_list(c, n->account_id, &all, &count));
    for (int64_t i = 0; i < count; i++) {
        bool allowed = false;
        if ((all[i].alerts >> n->type & 1) != 0)
            TRY(policy_allows(c, n, all[i].policy, &allowed));
        if (allowed)
            all[wanted++] = all[i];
    }
    if (wanted == 0)
        return OK;
    TRY(tx_begin(c, &tx));
    for (int64_t i = 0; i < wanted; i++)
        TRY(store_job_add(c, JOB_PUSH_SEND, n->id, id_text(c->arena, all[i].session_id), c->now_ms));
    return tx_commit(&tx);
}

/* Whole characters only. */
static struct str cut(struct str s, size_t bytes)
{
    s = str_head(s, bytes);
    while (s.n > 0 && !str_is_utf8(s))
        s.n--;
    return s;
}

static struct str title_of(struct ctx *c, const struct notification *n, const struct account *from)
{
    static const char *const words[NOTE_TYPES_MAX] = {
        [NOTE_MENTION] = "mentioned you",
        [NOTE_STATUS] = "published a parley",
        [NOTE_REBLOG] = "echoed your parley",
        [NOTE_FOLLOW] = "follows you now",
        [NOTE_FOLLOW_REQUEST] = "asks to follow you",
        [NOTE_FAVOURITE] = "likes your parley",
        [NOTE_POLL] = "had a poll that has ended",
        [NOTE_UPDATE] = "changed a parley that you echoed",
        [NOTE_ADMIN_SIGN_UP] = "signed up",
        [NOTE_ADMIN_REPORT] = "sent a report",
        [NOTE_SEVERED] = "is not connected with you any more",
        [NOTE_MODERATION_WARNING] = "has a message from the moderators",
        [NOTE_QUOTE] = "quoted your parley",
        [NOTE_QUOTED_UPDATE] = "changed a parley that you quoted",
    };
    struct str name = cut(from->display_name.n > 0 ? from->display_name : from->username, NAME_MAX_BYTES);
    return arena_strf(c->arena, STR_FMT " %s", STR_ARG(name), words[n->type]);
}

/* What a warning hides is not told on a locked screen. */
static enum err body_of(struct ctx *c, const struct notification *n, const struct account *from, struct str *out)
{
    struct status *s = NULL;
    *out = cut(from->note, BODY_MAX_BYTES);
    if (n->status_id == 0)
        return OK;
    TRY(status_see(c, n->status_id, &s, NULL));
    *out = cut(s->spoiler.n > 0 ? s->spoiler : s->text, BODY_MAX_BYTES);
    return OK;
}

static struct str topic_of(struct ctx *c, const struct notification *n)
{
    unsigned char h[TOPIC_BYTES];
    char *text = arena_alloc(c->arena, TOPIC_BYTES * 2);
    struct str what = arena_strf(c->arena, "%lld %d %lld %lld %lld", (long long)n->account_id, (int)n->type,
                                 (long long)n->from_id, (long long)n->status_id, (long long)n->report_id);
    (void)crypto_generichash(h, sizeof h, (const unsigned char *)what.p, what.n, NULL, 0);
    (void)sodium_bin2base64(text, TOPIC_BYTES * 2, h, sizeof h, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_c(text);
}

/* The id is a number on the wire, as apps expect it. */
static enum err payload_of(struct ctx *c, const struct notification *n, struct str token, struct str *out)
{
    struct account *from = NULL;
    struct member *m = NULL;
    struct str body = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(feed_account(c, n->from_id, &from));
    TRY(store_member_find(c, n->account_id, &m));
    TRY(body_of(c, n, from, &body));
    jw_obj(&w);
    jw_kstr(&w, STR("access_token"), token);
    jw_kstr(&w, STR("preferred_locale"), m == NULL ? STR("en") : m->locale);
    jw_ki64(&w, STR("notification_id"), n->id);
    jw_kstr(&w, STR("notification_type"), notification_word(n->type));
    jw_kstr(&w, STR("icon"), address_avatar(c, from));
    jw_kstr(&w, STR("title"), title_of(c, n, from));
    jw_kstr(&w, STR("body"), body);
    jw_obj_end(&w);
    *out = jw_end(&w);
    return OK;
}

enum err push_message(struct ctx *c, int64_t notification_id, int64_t session_id, struct push_message *out)
{
    struct notification *n = NULL;
    struct push_subscription *p = NULL;
    struct str token = { 0 };
    *out = (struct push_message){ 0 };
    TRY(find_note(c, notification_id, &n));
    if (n == NULL)
        return OK;
    TRY(store_push_find(c, n->account_id, session_id, &p));
    if (p == NULL)
        return OK;
    if (!secret_open(c, p->token, &token))
        return push_gone(c, p); /* sealed under a master key that was lost */
    enum err e = payload_of(c, n, token, &out->payload);
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    out->to = p;
    out->topic = topic_of(c, n);
    out->urgency = n->type == NOTE_MENTION || n->type == NOTE_FOLLOW_REQUEST ? STR("normal") : STR("low");
    return OK;
}
