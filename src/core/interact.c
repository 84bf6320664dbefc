/* SPDX-License-Identifier: Apache-2.0 */
#include "core/interact.h"

#include "core/notify.h"
#include "core/status.h"
#include "core/trend.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/bookmark.h"
#include "store/favourite.h"
#include "store/notification.h"
#include "store/pin.h"
#include "store/status.h"
#include "store/thread_mute.h"
#include "store/tx.h"

/* What is acted on: an echo stands for the parley that it echoes. */
static enum err target(struct ctx *c, int64_t id, struct status **out)
{
    TRY(member_may_write(c));
    TRY(status_see(c, id, out, NULL));
    if ((*out)->reblog_of_id != 0)
        TRY(status_see(c, (*out)->reblog_of_id, out, NULL));
    return OK;
}

/* For taking back: also what may not be seen any more. *seen is then what to answer once it is done, ERR_NOT_FOUND: all
   is read before, for nobody shall be told of an error after what they asked for is stored. */
static enum err target_unseen(struct ctx *c, int64_t id, struct status **out, enum err *seen)
{
    struct status *visible = NULL;
    TRY(member_may_write(c));
    TRY(store_status_get(c, id, out));
    if ((*out)->reblog_of_id != 0)
        TRY(store_status_get(c, (*out)->reblog_of_id, out));
    *seen = status_see(c, (*out)->id, &visible, NULL);
    return *seen == ERR_NOT_FOUND ? OK : *seen;
}

static enum err gone(struct ctx *c)
{
    return fail(c, ERR_NOT_FOUND, "Record not found");
}

static enum err add_favourite(struct ctx *c, const struct status *s, const int64_t *told, int64_t told_n, bool *added)
{
    TX tx = { 0 };
    bool exists = true;
    TRY(tx_begin(c, &tx));
    TRY(store_favourite_insert(c, c->me->id, s->id, added));
    if (*added) {
        TRY(store_status_counted(c, s->id, STATUS_FAVOURITES, 1, &exists));
        TRY(notify_all(c, told, told_n, NOTE_FAVOURITE, s->id));
    }
    return exists ? tx_commit(&tx) : gone(c);
}

enum err status_favourite(struct ctx *c, int64_t id, struct status **out)
{
    int64_t n = 1;
    bool added = false;
    TRY(target(c, id, out));
    int64_t told = (*out)->account_id;
    TRY(notify_filter(c, (*out)->thread_id, &told, &n));
    TRY(add_favourite(c, *out, &told, n, &added));
    if (added) {
        feed_status_counted(c->feed, (*out)->id, FEED_FAVOURITES, 1);
        feed_marked(c->feed, c->me->id, (*out)->id, FEED_FAVOURITED, true);
        trend_reacted(c, (*out)->id, (*out)->account_id);
        (*out)->favourites_count++;
    }
    return OK;
}

static enum err remove_favourite(struct ctx *c, const struct status *s, bool *removed)
{
    TX tx = { 0 };
    bool exists = false;
    TRY(tx_begin(c, &tx));
    TRY(store_status_lock(c, s->id, NULL)); /* before the pair, as whoever deletes the parley does */
    TRY(store_favourite_delete(c, c->me->id, s->id, removed));
    if (*removed) {
        TRY(store_status_counted(c, s->id, STATUS_FAVOURITES, -1, &exists));
        TRY(store_notification_retract(c, s->account_id, NOTE_FAVOURITE, c->me->id, s->id));
    }
    return tx_commit(&tx);
}

enum err status_unfavourite(struct ctx *c, int64_t id, struct status **out)
{
    bool removed = false;
    enum err seen = OK;
    TRY(target_unseen(c, id, out, &seen));
    TRY(remove_favourite(c, *out, &removed));
    if (removed) {
        feed_status_counted(c->feed, (*out)->id, FEED_FAVOURITES, -1);
        feed_marked(c->feed, c->me->id, (*out)->id, FEED_FAVOURITED, false);
        (*out)->favourites_count -= (*out)->favourites_count > 0;
    }
    return seen;
}

enum err status_bookmark(struct ctx *c, int64_t id, struct status **out)
{
    TX tx = { 0 };
    bool added = false;
    bool exists = false;
    TRY(target(c, id, out));
    TRY(tx_begin(c, &tx));
    TRY(store_status_lock(c, (*out)->id, &exists)); /* waits for whoever deletes it */
    if (!exists)
        return gone(c);
    TRY(store_bookmark_insert(c, c->me->id, (*out)->id, &added));
    TRY(tx_commit(&tx));
    feed_marked(c->feed, c->me->id, (*out)->id, FEED_BOOKMARKED, true);
    return OK;
}

enum err status_unbookmark(struct ctx *c, int64_t id, struct status **out)
{
    TX tx = { 0 };
    bool removed = false;
    enum err seen = OK;
    TRY(target_unseen(c, id, out, &seen));
    TRY(tx_begin(c, &tx));
    TRY(store_bookmark_delete(c, c->me->id, (*out)->id, &removed));
    TRY(tx_commit(&tx));
    feed_marked(c->feed, c->me->id, (*out)->id, FEED_BOOKMARKED, false);
    return seen;
}

static enum err pin_check(struct ctx *c, const struct status *s)
{
    if (s->account_id != c->me->id)
        return fail(c, ERR_INVALID, "Validation failed: Someone else's post cannot be pinned");
    if (s->reblog_of_id != 0)
        return fail(c, ERR_INVALID, "Validation failed: A boost cannot be pinned");
    if (s->visibility == VIS_DIRECT)
        return fail(c, ERR_INVALID,
                    "Validation failed: Posts that are only visible to mentioned users cannot be pinned");
    return OK;
}

/* The member's own row is locked, so that of two pins at once the second counts the first. */
static enum err add_pin(struct ctx *c, const struct status *s)
{
    TX tx = { 0 };
    int64_t ids[PINS_MAX + 1];
    int64_t n = 0;
    bool added = false;
    bool exists = false;
    TRY(tx_begin(c, &tx));
    TRY(store_status_lock(c, s->id, &exists));
    TRY(store_account_lock(c, &c->me->id, 1));
    TRY(store_pin_list(c, c->me->id, ids, &n));
    TRY(store_pin_insert(c, c->me->id, s->id, &added));
    if (!exists)
        return gone(c);
    if (added && n >= PINS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: You have already pinned the maximum number of posts");
    return tx_commit(&tx);
}

enum err status_pin(struct ctx *c, int64_t id, struct status **out)
{
    TRY(member_may_write(c));
    TRY(status_see(c, id, out, NULL));
    TRY(pin_check(c, *out));
    TRY(add_pin(c, *out));
    feed_marked(c->feed, c->me->id, id, FEED_PINNED, true);
    return OK;
}

enum err status_unpin(struct ctx *c, int64_t id, struct status **out)
{
    TX tx = { 0 };
    bool removed = false;
    TRY(member_may_write(c));
    TRY(status_see(c, id, out, NULL));
    TRY(tx_begin(c, &tx));
    TRY(store_pin_delete(c, c->me->id, id, &removed));
    TRY(tx_commit(&tx));
    feed_marked(c->feed, c->me->id, id, FEED_PINNED, false);
    return OK;
}

static enum err set_mute(struct ctx *c, int64_t id, bool on, struct status **out)
{
    TX tx = { 0 };
    TRY(target(c, id, out));
    TRY(tx_begin(c, &tx));
    if (on)
        TRY(store_thread_mute_insert(c, c->me->id, (*out)->thread_id));
    else
        TRY(store_thread_mute_delete(c, c->me->id, (*out)->thread_id));
    TRY(tx_commit(&tx));
    feed_relations_changed(c->feed, c->me->id);
    return OK;
}

enum err status_mute(struct ctx *c, int64_t id, struct status **out)
{
    return set_mute(c, id, true, out);
}

enum err status_unmute(struct ctx *c, int64_t id, struct status **out)
{
    return set_mute(c, id, false, out);
}

static enum err bookmarks_source(struct ctx *c, const void *what, const struct page *p, struct page_row **out,
                                 int64_t *n)
{
    (void)what;
    return store_bookmark_by(c, c->me->id, p, out, n);
}

static enum err favourites_source(struct ctx *c, const void *what, const struct page *p, struct page_row **out,
                                  int64_t *n)
{
    (void)what;
    return store_favourite_by(c, c->me->id, p, out, n);
}

enum err status_bookmarks(struct ctx *c, const struct page *p, struct status_page *out)
{
    return status_page_fill(c, bookmarks_source, NULL, NULL, VISIBLE_ASKED, FILTER_NOWHERE, p, out);
}

enum err status_favourites(struct ctx *c, const struct page *p, struct status_page *out)
{
    return status_page_fill(c, favourites_source, NULL, NULL, VISIBLE_ASKED, FILTER_NOWHERE, p, out);
}
