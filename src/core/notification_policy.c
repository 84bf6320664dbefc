/* SPDX-License-Identifier: Apache-2.0 */
#include "core/notification_policy.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/visible.h"
#include "store/account.h"
#include "store/bond.h"
#include "store/news.h"
#include "store/notification.h"
#include "store/notification_policy.h"
#include "store/status.h"
#include "store/tx.h"

struct str verdict_word(enum notification_verdict v)
{
    static const struct str words[] = { STR("accept"), STR("filter"), STR("drop") };
    return (size_t)v < sizeof words / sizeof words[0] ? words[v] : (struct str){ NULL, 0 };
}

struct str rule_word(enum notification_rule r)
{
    static const struct str words[NOTE_RULES] = { STR("not_following"),    STR("not_followers"),    STR("new_accounts"),
                                                  STR("private_mentions"), STR("limited_accounts"), STR("bots") };
    return (int)r < NOTE_RULES ? words[r] : (struct str){ NULL, 0 };
}

enum err policy_get(struct ctx *c, struct notification_policy *out, struct policy_summary *sum)
{
    bool any = false;
    TRY(store_policy_load(c, &c->me->id, 1, out, &any));
    return store_notification_waiting(c, c->me->id, 0, REQUESTS_COUNTED_MAX, &sum->people, &sum->notes);
}

enum err policy_set(struct ctx *c, const struct notification_policy *to)
{
    TX tx = { 0 };
    struct notification_policy now;
    bool any = false;
    TRY(member_may_write(c));
    TRY(store_policy_load(c, &c->me->id, 1, &now, &any));
    if (memcmp(&now, to, sizeof now) == 0)
        return OK;
    TRY(tx_begin(c, &tx));
    for (int r = 0; r < NOTE_RULES; r++)
        if (now.of[r] != to->of[r])
            TRY(store_policy_set(c, c->me->id, (enum notification_rule)r, to->of[r]));
    return tx_commit(&tx);
}

/* What a policy is asked about: what people do of themselves. The rest the reader asked for, or moderators need. */
static bool may_filter(enum notification_type type)
{
    return type == NOTE_MENTION || type == NOTE_REBLOG || type == NOTE_FOLLOW || type == NOTE_FOLLOW_REQUEST
           || type == NOTE_FAVOURITE || type == NOTE_QUOTE;
}

static bool applies(const struct ctx *c, enum notification_rule r, const struct acquaintance *k, bool is_private)
{
    const struct account *me = c->me;
    switch (r) {
    case RULE_NOT_FOLLOWING: return !k->follows;
    case RULE_NOT_FOLLOWERS:
        return k->followed_by_id == 0 || id_ms(k->followed_by_id) > c->now_ms - POLICY_FRIEND_DAYS * DAY_MS;
    case RULE_NEW_ACCOUNTS: return !k->follows && me->created_ms > c->now_ms - POLICY_NEW_DAYS * DAY_MS;
    case RULE_PRIVATE_MENTIONS: return !k->follows && is_private;
    case RULE_LIMITED: return !k->follows && me->standing.kind == STANDING_LIMITED;
    case RULE_BOTS: return !k->follows && me->bot;
    }
    return false;
}

/* The strictest of the rules that apply. */
static enum notification_verdict judge(const struct ctx *c, enum notification_type type,
                                       const struct notification_policy *p, const struct acquaintance *k,
                                       bool is_private)
{
    enum notification_verdict v = HEAR_ACCEPT;
    if (k->permitted || c->me->role >= ROLE_MODERATOR)
        return v;
    for (int i = 0; i < NOTE_RULES; i++) {
        enum notification_rule r = (enum notification_rule)i;
        if ((r == RULE_LIMITED || may_filter(type)) && p->of[r] > v && applies(c, r, k, is_private))
            v = p->of[r];
    }
    return v;
}

enum err policy_judge(struct ctx *c, enum notification_type type, int64_t status_id, const int64_t *ids, int64_t n,
                      enum notification_verdict *out)
{
    struct notification_policy *p = ARENA_ARRAY(c->arena, (size_t)n + 1, struct notification_policy);
    struct acquaintance *k = ARENA_ARRAY(c->arena, (size_t)n + 1, struct acquaintance);
    struct status *s = NULL;
    bool any = false;
    for (int64_t i = 0; i < n; i++)
        out[i] = HEAR_ACCEPT;
    TRY(store_policy_load(c, ids, n, p, &any));
    if (!any && c->me->standing.kind != STANDING_LIMITED)
        return OK;
    TRY(store_policy_readers(c, c->me->id, ids, n, k));
    if (type == NOTE_MENTION)
        TRY(store_status_find(c, status_id, &s));
    for (int64_t i = 0; i < n; i++) {
        bool is_private = s != NULL && s->visibility == VIS_DIRECT && s->in_reply_to_account_id != ids[i];
        out[i] = judge(c, type, &p[i], &k[i], is_private);
    }
    return OK;
}

/* Who left, was suspended or is muted waits for nothing. */
static bool is_heard(const struct account *a, const struct bond *b)
{
    return a != NULL && a->active && a->deletion_ms == 0 && a->standing.kind != STANDING_SUSPENDED && !b->blocks
           && !b->blocked_by && !b->mutes_notifications;
}

enum err request_list(struct ctx *c, const struct page *p, struct request_page *out)
{
    int64_t n = 0;
    *out = (struct request_page){ 0 };
    TRY(store_notification_requests(c, c->me->id, p, &out->rows, &n));
    out->from = ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *);
    struct bond *bonds = ARENA_ARRAY(c->arena, (size_t)n + 1, struct bond);
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = out->rows[i].from_id;
    if (n == 0)
        return OK;
    TRY(store_account_load(c, ids, n, out->from));
    TRY(store_bond_load(c, c->me->id, ids, n, bonds));
    out->first = ids[0];
    out->last = ids[n - 1];
    for (int64_t i = 0; i < n; i++)
        if (is_heard(out->from[i], &bonds[i])) {
            out->from[out->n] = out->from[i];
            out->rows[out->n++] = out->rows[i];
        }
    return OK;
}

enum err request_get(struct ctx *c, int64_t from_id, struct notification_request *out)
{
    struct request_page found = { 0 };
    const struct page p = { .max_id = from_id == INT64_MAX ? 0 : from_id + 1, .since_id = from_id - 1, .limit = 1 };
    TRY(request_list(c, &p, &found));
    if (found.n == 0)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    *out = found.rows[0];
    return OK;
}

enum err requests_accept(struct ctx *c, const int64_t *from, int64_t n)
{
    TX tx = { 0 };
    TRY(member_may_write(c));
    if (n == 0)
        return OK;
    TRY(tx_begin(c, &tx));
    for (int64_t i = 0; i < n; i++) {
        int64_t people = 0;
        int64_t notes = 0;
        TRY(store_notification_waiting(c, c->me->id, from[i], 1, &people, &notes));
        if (notes > 0)
            TRY(store_policy_permit(c, c->me->id, from[i]));
    }
    TRY(store_notification_release(c, c->me->id, from, n));
    news_after(c, NEWS_NOTIFICATIONS_MERGED, c->me->id, 0);
    return tx_commit(&tx);
}

enum err requests_dismiss(struct ctx *c, const int64_t *from, int64_t n)
{
    TX tx = { 0 };
    TRY(member_may_write(c));
    if (n == 0)
        return OK;
    TRY(tx_begin(c, &tx));
    TRY(store_notification_refuse(c, c->me->id, from, n));
    return tx_commit(&tx);
}
