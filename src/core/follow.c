/* SPDX-License-Identifier: Apache-2.0 */
#include "core/follow.h"

#include "core/lang.h"
#include "core/mention.h"
#include "core/notify.h"
#include "core/trend.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "model/site.h"
#include "store/account.h"
#include "store/block.h"
#include "store/follow.h"
#include "store/notification.h"
#include "store/relation.h"
#include "store/tx.h"

static enum err check_languages(struct ctx *c, const struct follow_wish *w, struct str *json)
{
    struct str codes[FOLLOW_LANGUAGES_MAX] = { 0 };
    *json = (struct str){ NULL, 0 };
    if (w->languages_n > FOLLOW_LANGUAGES_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Languages may be %d at most", FOLLOW_LANGUAGES_MAX);
    for (int64_t i = 0; i < w->languages_n; i++) {
        codes[i] = lang_canonical(c->arena, w->languages[i]);
        if (codes[i].p == NULL)
            return fail(c, ERR_INVALID, "Validation failed: Languages " STR_FMT " is not a language code",
                        STR_ARG(w->languages[i]));
    }
    if (w->languages_n > 0)
        *json = tag_json(c->arena, codes, w->languages_n);
    return OK;
}

static void merge(struct follow *f, const struct follow_wish *w, struct str languages)
{
    if (w->reblogs >= 0)
        f->reblogs = w->reblogs != 0;
    if (w->notify >= 0)
        f->notify = w->notify != 0;
    if (w->has_languages)
        f->languages = languages;
}

/* A follow on its way. */
struct following {
    const struct account *target;
    struct follow f;
    bool asks;    /* it becomes a request */
    bool changed; /* there is a new follow: the counters of both went up */
    int64_t told; /* the target, or 0 when they do not want to hear of it */
};

/* Inside the transaction, with the row that is committed: two follows at once do not pass the limit together. */
static enum err check_limit(struct ctx *c)
{
    struct account *me = NULL;
    int64_t asked = 0;
    TRY(store_account_get(c, c->me->id, &me));
    TRY(store_follow_asked_count(c, me->id, &asked));
    if (me->following_count + asked >= c->site->follows_max)
        return fail(c, ERR_INVALID, "Validation failed: You can follow %lld people at most",
                    (long long)c->site->follows_max);
    return OK;
}

static enum err tell(struct ctx *c, const struct following *g, enum notification_type type)
{
    return g->told == 0 ? OK : notify_all(c, &g->told, 1, type, 0);
}

static enum err insert(struct ctx *c, struct following *g)
{
    bool added = false;
    TRY(check_limit(c));
    if (g->asks) {
        TRY(store_follow_request_insert(c, &g->f, &added));
        return added ? tell(c, g, NOTE_FOLLOW_REQUEST) : OK;
    }
    TRY(store_follow_insert(c, &g->f, &g->changed));
    if (!g->changed)
        return OK;
    TRY(store_account_count(c, c->me->id, 0, 0, 1, 0, NULL));
    TRY(store_account_count(c, g->target->id, 0, 1, 0, 0, NULL));
    return tell(c, g, NOTE_FOLLOW);
}

static enum err write_follow(struct ctx *c, struct following *g, const struct follow_wish *w, struct str languages)
{
    TX tx = { 0 };
    struct follow *now = NULL;
    bool blocked = false;
    TRY(tx_begin(c, &tx));
    TRY(store_relation_lock(c, c->me->id, g->target->id));
    TRY(store_block_between(c, c->me->id, g->target->id, &blocked));
    if (blocked)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(store_follow_find(c, c->me->id, g->target->id, &now));
    if (now != NULL) {
        merge(now, w, languages);
        TRY(store_follow_update(c, now));
        return tx_commit(&tx);
    }
    TRY(store_follow_request_find(c, c->me->id, g->target->id, &now));
    if (now != NULL) {
        merge(now, w, languages);
        TRY(store_follow_request_update(c, now));
        return tx_commit(&tx);
    }
    TRY(insert(c, g));
    return tx_commit(&tx);
}

static void tell_feed(struct ctx *c, int64_t account_id, int64_t target_id, int64_t delta)
{
    if (delta != 0) {
        feed_account_counted(c->feed, account_id, 0, 0, delta, 0);
        feed_account_counted(c->feed, target_id, 0, delta, 0, 0);
    }
    feed_follow_changed(c->feed, account_id);
    feed_requests_changed(c->feed, target_id);
}

enum err follow_add(struct ctx *c, int64_t target_id, const struct follow_wish *wish)
{
    struct account *target = NULL;
    struct str languages = { NULL, 0 };
    int64_t told = target_id;
    int64_t told_n = 1;
    TRY(member_may_write(c));
    TRY(account_see(c, target_id, &target));
    if (target->id == c->me->id)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(check_languages(c, wish, &languages));
    TRY(notify_filter(c, 0, &told, &told_n));
    struct following g = {
        .target = target,
        .f = { .account_id = c->me->id, .target_id = target->id, .reblogs = true },
        .asks = target->locked || target->standing.kind == STANDING_LIMITED || c->me->standing.kind == STANDING_LIMITED,
        .told = told_n == 0 ? 0 : told,
    };
    merge(&g.f, wish, languages);
    TRY(write_follow(c, &g, wish, languages));
    tell_feed(c, c->me->id, target->id, g.changed ? 1 : 0);
    if (g.changed)
        trend_followed(c, c->me->id, target->id);
    return OK;
}

/* account_id no longer follows target_id, nor asks to; what it told of that is taken back. */
static enum err take_back(struct ctx *c, int64_t account_id, int64_t target_id)
{
    TX tx = { 0 };
    bool removed = false;
    bool asked = false;
    TRY(tx_begin(c, &tx));
    TRY(store_relation_lock(c, account_id, target_id));
    TRY(store_follow_delete(c, account_id, target_id, &removed));
    TRY(store_follow_request_delete(c, account_id, target_id, &asked));
    if (removed) {
        TRY(store_account_count(c, account_id, 0, 0, -1, 0, NULL));
        TRY(store_account_count(c, target_id, 0, -1, 0, 0, NULL));
        TRY(store_notification_retract(c, target_id, NOTE_FOLLOW, account_id, 0));
    }
    if (asked)
        TRY(store_notification_retract(c, target_id, NOTE_FOLLOW_REQUEST, account_id, 0));
    TRY(tx_commit(&tx));
    tell_feed(c, account_id, target_id, removed ? -1 : 0);
    return OK;
}

enum err follow_remove(struct ctx *c, int64_t target_id)
{
    struct account *target = NULL;
    TRY(member_may_write(c));
    TRY(store_account_get(c, target_id, &target));
    return take_back(c, c->me->id, target->id);
}

enum err follower_remove(struct ctx *c, int64_t follower_id)
{
    struct account *follower = NULL;
    TRY(member_may_write(c));
    TRY(store_account_get(c, follower_id, &follower));
    return take_back(c, follower->id, c->me->id);
}

static enum err accept(struct ctx *c, int64_t asker_id, bool *added)
{
    TX tx = { 0 };
    struct follow *asked = NULL;
    bool removed = false;
    struct notification note = {
        .account_id = c->me->id, .type = NOTE_FOLLOW, .from_id = asker_id, .created_ms = c->now_ms
    };
    TRY(tx_begin(c, &tx));
    TRY(store_relation_lock(c, asker_id, c->me->id));
    TRY(store_follow_request_find(c, asker_id, c->me->id, &asked));
    if (asked == NULL)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(store_follow_request_delete(c, asker_id, c->me->id, &removed));
    TRY(store_follow_insert(c, asked, added));
    TRY(store_notification_retract(c, c->me->id, NOTE_FOLLOW_REQUEST, asker_id, 0));
    if (*added) {
        TRY(store_account_count(c, asker_id, 0, 0, 1, 0, NULL));
        TRY(store_account_count(c, c->me->id, 0, 1, 0, 0, NULL));
        TRY(store_notification_insert(c, &note));
    }
    return tx_commit(&tx);
}

enum err follow_request_accept(struct ctx *c, int64_t asker_id)
{
    bool added = false;
    TRY(member_may_write(c));
    TRY(accept(c, asker_id, &added));
    tell_feed(c, asker_id, c->me->id, added ? 1 : 0);
    if (added)
        trend_followed(c, asker_id, c->me->id);
    return OK;
}

enum err follow_request_reject(struct ctx *c, int64_t asker_id)
{
    TX tx = { 0 };
    bool removed = false;
    TRY(member_may_write(c));
    TRY(tx_begin(c, &tx));
    TRY(store_relation_lock(c, asker_id, c->me->id));
    TRY(store_follow_request_delete(c, asker_id, c->me->id, &removed));
    if (!removed)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(store_notification_retract(c, c->me->id, NOTE_FOLLOW_REQUEST, asker_id, 0));
    TRY(tx_commit(&tx));
    feed_requests_changed(c->feed, c->me->id);
    return OK;
}
