/* SPDX-License-Identifier: Apache-2.0 */
#include "core/block.h"

#include "base/clock.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/block.h"
#include "store/follow.h"
#include "store/mute.h"
#include "store/notification.h"
#include "store/relation.h"
#include "store/tx.h"

/* Whom c->me turns away from: whoever exists, seen or not, but not oneself. */
static enum err other(struct ctx *c, int64_t id, struct account **out)
{
    TRY(member_may_write(c));
    TRY(store_account_get(c, id, out));
    if (!(*out)->active && c->me->role < ROLE_MODERATOR)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    return (*out)->id != c->me->id ? OK : fail(c, ERR_FORBIDDEN, "This action is not allowed");
}

/* One direction of what ends with a block. */
static enum err end_follow(struct ctx *c, int64_t account_id, int64_t target_id, bool *ended)
{
    bool asked = false;
    TRY(store_follow_delete(c, account_id, target_id, ended));
    TRY(store_follow_request_delete(c, account_id, target_id, &asked));
    if (*ended) {
        TRY(store_account_count(c, account_id, 0, 0, -1, 0, NULL));
        TRY(store_account_count(c, target_id, 0, -1, 0, 0, NULL));
    }
    return store_notification_delete_from(c, target_id, account_id);
}

static void tell_ended(struct ctx *c, int64_t account_id, int64_t target_id, bool ended)
{
    feed_requests_changed(c->feed, target_id);
    if (!ended)
        return;
    feed_account_counted(c->feed, account_id, 0, 0, -1, 0);
    feed_account_counted(c->feed, target_id, 0, -1, 0, 0);
    feed_follow_changed(c->feed, account_id);
}

enum err block_add(struct ctx *c, int64_t target_id)
{
    TX tx = { 0 };
    struct account *target = NULL;
    int64_t me = 0;
    bool added = false;
    bool followed = false;
    bool followed_by = false;
    TRY(other(c, target_id, &target));
    me = c->me->id;
    TRY(tx_begin(c, &tx));
    TRY(store_relation_lock(c, me, target->id));
    TRY(store_block_insert(c, me, target->id, &added));
    TRY(end_follow(c, me, target->id, &followed));
    TRY(end_follow(c, target->id, me, &followed_by));
    TRY(tx_commit(&tx));
    tell_ended(c, me, target->id, followed);
    tell_ended(c, target->id, me, followed_by);
    feed_relations_changed(c->feed, me);
    feed_relations_changed(c->feed, target->id);
    return OK;
}

enum err block_remove(struct ctx *c, int64_t target_id)
{
    TX tx = { 0 };
    struct account *target = NULL;
    bool removed = false;
    TRY(other(c, target_id, &target));
    TRY(tx_begin(c, &tx));
    TRY(store_relation_lock(c, c->me->id, target->id));
    TRY(store_block_delete(c, c->me->id, target->id, &removed));
    TRY(tx_commit(&tx));
    feed_relations_changed(c->feed, c->me->id);
    feed_relations_changed(c->feed, target->id);
    return OK;
}

enum err mute_add(struct ctx *c, int64_t target_id, bool notifications, int64_t seconds)
{
    TX tx = { 0 };
    struct account *target = NULL;
    TRY(other(c, target_id, &target));
    if (seconds < 0)
        return fail(c, ERR_INVALID, "Validation failed: Duration can't be negative");
    struct mute m = { .account_id = c->me->id, .target_id = target->id, .notifications = notifications };
    if (seconds > 0 && seconds <= MUTE_SECONDS_MAX)
        m.until_ms = c->now_ms + seconds * SECOND_MS;
    TRY(tx_begin(c, &tx));
    TRY(store_mute_set(c, &m));
    TRY(tx_commit(&tx));
    feed_relations_changed(c->feed, c->me->id);
    return OK;
}

enum err mute_remove(struct ctx *c, int64_t target_id)
{
    TX tx = { 0 };
    struct account *target = NULL;
    bool removed = false;
    TRY(other(c, target_id, &target));
    TRY(tx_begin(c, &tx));
    TRY(store_mute_delete(c, c->me->id, target->id, &removed));
    TRY(tx_commit(&tx));
    feed_relations_changed(c->feed, c->me->id);
    return OK;
}
