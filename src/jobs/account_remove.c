/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "core/announcement.h"
#include "core/archive.h"
#include "core/attachment_work.h"
#include "core/import.h"
#include "core/media_use.h"
#include "core/name.h"
#include "core/notify.h"
#include "core/passkey.h"
#include "core/poll.h"
#include "core/search_index.h"
#include "core/session.h"
#include "core/signup.h"
#include "core/status_delete.h"
#include "core/trend.h"
#include "feed/feed.h"
#include "jobs/kinds.h"
#include "model/media.h"
#include "model/session.h"
#include "store/account.h"
#include "store/account_note.h"
#include "store/block.h"
#include "store/bookmark.h"
#include "store/conversation.h"
#include "store/domain_mute.h"
#include "store/draft.h"
#include "store/favourite.h"
#include "store/filter.h"
#include "store/follow.h"
#include "store/invite.h"
#include "store/list.h"
#include "store/marker.h"
#include "store/media.h"
#include "store/member.h"
#include "store/mute.h"
#include "store/notification.h"
#include "store/notification_policy.h"
#include "store/page.h"
#include "store/scheduled.h"
#include "store/status.h"
#include "store/suggestion.h"
#include "store/tag_mark.h"
#include "store/thread_mute.h"
#include "store/ticket.h"
#include "store/trend.h"
#include "store/tx.h"

/* Everything of an account, in batches, the account's own row last: a run that was killed begins again and finds what
   is left. Reports and the log of standings stay: they are the moderators' record, not the member's. */
#define BATCH_MAX 40 /* rows in one transaction: others wait for it */

/* Deletes up to BATCH_MAX of something; *more: there may be further ones. */
typedef enum err step_fn(struct ctx *c, const struct account *a, bool *more);

static enum err remove_parleys(struct ctx *c, const struct account *a, bool *more)
{
    struct status_filter f = { .account_id = a->id, .visibility_max = VIS_DIRECT, .hidden_too = true };
    struct page p = { .limit = BATCH_MAX };
    struct page_row *rows = NULL;
    struct status *s = NULL;
    int64_t n = 0;
    TRY(store_status_of_author(c, &f, &p, &rows, &n));
    for (int64_t i = 0; i < n; i++) {
        TRY(store_status_find(c, rows[i].id, &s));
        if (s != NULL)
            TRY(status_remove(c, s));
    }
    *more = n > 0;
    return OK;
}

static enum err take_favourite_back(struct ctx *c, const struct account *a, int64_t id)
{
    struct status *s = NULL;
    bool removed = false;
    bool exists = false;
    TRY(store_favourite_delete(c, a->id, id, &removed));
    TRY(store_status_find(c, id, &s));
    if (!removed || s == NULL)
        return OK;
    TRY(store_status_counted(c, id, STATUS_FAVOURITES, -1, &exists));
    return store_notification_retract(c, s->account_id, NOTE_FAVOURITE, a->id, id);
}

static enum err remove_favourites(struct ctx *c, const struct account *a, bool *more)
{
    TX tx = { 0 };
    struct page p = { .limit = BATCH_MAX };
    struct page_row *rows = NULL;
    int64_t n = 0;
    TRY(store_favourite_by(c, a->id, &p, &rows, &n));
    TRY(tx_begin(c, &tx));
    for (int64_t i = 0; i < n; i++)
        TRY(take_favourite_back(c, a, rows[i].id));
    TRY(tx_commit(&tx));
    for (int64_t i = 0; i < n; i++)
        feed_status_counted(c->feed, rows[i].id, FEED_FAVOURITES, -1);
    *more = n > 0;
    return OK;
}

static enum err remove_votes(struct ctx *c, const struct account *a, bool *more)
{
    return poll_withdraw_votes(c, a->id, more);
}

static enum err remove_bookmarks(struct ctx *c, const struct account *a, bool *more)
{
    TX tx = { 0 };
    struct page p = { .limit = BATCH_MAX };
    struct page_row *rows = NULL;
    int64_t n = 0;
    bool removed = false;
    TRY(store_bookmark_by(c, a->id, &p, &rows, &n));
    TRY(tx_begin(c, &tx));
    for (int64_t i = 0; i < n; i++)
        TRY(store_bookmark_delete(c, a->id, rows[i].id, &removed));
    TRY(tx_commit(&tx));
    *more = n > 0;
    return OK;
}

/* side 1: the account followed `other`, -1: `other` followed it, 0: one asked the other. */
static enum err uncount(struct ctx *c, const struct account *a, int64_t other, int side)
{
    enum notification_type told = side == 1 ? NOTE_FOLLOW : NOTE_FOLLOW_REQUEST;
    TRY(store_account_count(c, other, 0, side == 1 ? -1 : 0, side == -1 ? -1 : 0, 0, NULL));
    return side == -1 ? OK : store_notification_retract(c, other, told, a->id, 0);
}

static enum err remove_follows(struct ctx *c, const struct account *a, bool *more)
{
    TX tx = { 0 };
    int64_t others[BATCH_MAX];
    int sides[BATCH_MAX];
    int64_t n = 0;
    TRY(tx_begin(c, &tx));
    TRY(store_follow_sweep(c, a->id, BATCH_MAX, others, sides, &n));
    for (int64_t i = 0; i < n; i++)
        TRY(uncount(c, a, others[i], sides[i]));
    TRY(tx_commit(&tx));
    for (int64_t i = 0; i < n; i++) {
        feed_account_counted(c->feed, others[i], 0, sides[i] == 1 ? -1 : 0, sides[i] == -1 ? -1 : 0, 0);
        if (sides[i] == -1)
            feed_follow_changed(c->feed, others[i]);
    }
    *more = n > 0;
    return OK;
}

static enum err remove_blocks(struct ctx *c, const struct account *a, bool *more)
{
    TX tx = { 0 };
    int64_t n = 0;
    TRY(tx_begin(c, &tx));
    TRY(store_block_sweep(c, a->id, BATCH_MAX, &n));
    TRY(tx_commit(&tx));
    *more = n > 0;
    return OK;
}

static enum err remove_media(struct ctx *c, const struct account *a, bool *more)
{
    TX tx = { 0 };
    struct media *all = NULL;
    int64_t n = 0;
    TRY(store_media_list(c, a->id, 0, BATCH_MAX, &all, &n));
    TRY(tx_begin(c, &tx));
    for (int64_t i = 0; i < n; i++) {
        TRY(store_media_delete(c, all[i].id));
        TRY(media_unuse(c, &all[i]));
        TRY(attachment_forget_upload(c, &all[i]));
    }
    TRY(tx_commit(&tx));
    *more = n > 0;
    return OK;
}

static enum err remove_archives(struct ctx *c, const struct account *a, bool *more)
{
    *more = false;
    TRY(imports_clear(c, a->id));
    return archives_clear(c, a->id);
}

static enum err remove_invites(struct ctx *c, const struct account *a, bool *more)
{
    TX tx = { 0 };
    struct invite *all = NULL;
    int64_t n = 0;
    TRY(store_invite_list(c, a->id, BATCH_MAX, &all, &n));
    TRY(tx_begin(c, &tx));
    for (int64_t i = 0; i < n; i++)
        TRY(store_invite_delete(c, &all[i]));
    TRY(tx_commit(&tx));
    *more = n > 0;
    return OK;
}

/* What is theirs alone and goes in one statement each. */
static enum err remove_own(struct ctx *c, const struct account *a, bool *more)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(session_end_all(c, a->id, 0));
    TRY(store_mute_clear(c, a->id));
    TRY(store_thread_mute_clear(c, a->id));
    TRY(store_account_note_clear(c, a->id));
    TRY(store_notification_clear(c, a->id));
    TRY(store_policy_clear(c, a->id));
    TRY(announcement_leave(c, a->id));
    TRY(store_marker_clear(c, a->id));
    TRY(store_list_clear(c, a->id));
    TRY(store_conversation_clear(c, a->id));
    TRY(store_domain_mute_clear(c, a->id));
    TRY(store_draft_clear(c, a->id));
    TRY(store_scheduled_clear(c, a->id));
    TRY(store_filter_clear(c, a->id));
    TRY(store_tag_mark_clear(c, a->id));
    TRY(store_suggestion_clear(c, a->id));
    TRY(passkey_drop_all(c, a->id));
    for (int kind = TICKET_CODE; kind <= TICKET_PASSKEY_ENTER; kind++)
        TRY(store_ticket_delete_all(c, a->id, (enum ticket_kind)kind));
    TRY(tx_commit(&tx));
    feed_sessions_ended(c->feed, a->id);
    *more = false;
    return OK;
}

/* Moderators were told when they came, and of what they reported. */
static enum err remove_staff_notices(struct ctx *c, const struct account *a, bool *more)
{
    TX tx = { 0 };
    struct account **staff = NULL;
    int64_t n = 0;
    TRY(notify_staff_list(c, &staff, &n));
    TRY(tx_begin(c, &tx));
    for (int64_t i = 0; i < n; i++)
        TRY(store_notification_delete_from(c, staff[i]->id, a->id));
    TRY(tx_commit(&tx));
    *more = false;
    return OK;
}

/* Who ever wrote here keeps the name, so that nobody can pose as them; of those who never came in it is free again. */
static enum err remove_rows(struct ctx *c, const struct account *a, bool *more)
{
    TX tx = { 0 };
    struct member *m = NULL;
    struct str name = { 0 };
    struct str skeleton = { 0 };
    TRY(store_member_find(c, a->id, &m));
    bool came_in = m == NULL || (m->confirmed_ms != 0 && m->approved_ms != 0);
    if (!came_in) {
        name = name_canonical(c->arena, a->username);
        skeleton = name_skeleton(c->arena, a->username);
    }
    TRY(search_forget_account(c, a->id));
    TRY(tx_begin(c, &tx));
    TRY(store_trend_review_delete(c, TREND_ACCOUNT, a->id));
    TRY(store_account_delete(c, a, name, skeleton));
    if (m != NULL)
        TRY(store_member_delete(c, m));
    TRY(tx_commit(&tx));
    feed_account_removed(c->feed, a->id);
    trend_account_gone(c, a->id);
    *more = false;
    return OK;
}

/* Each batch has memory of its own: an account may have a million parleys. */
static enum err run_step(struct ctx *c, step_fn *step, const struct account *a)
{
    struct arena *own = c->arena;
    struct arena *batch = arena_new();
    enum err e = OK;
    bool more = true;
    while (more && e == OK) {
        arena_reset(batch);
        c->arena = batch;
        e = step(c, a, &more);
        c->arena = own;
    }
    if (e != OK)
        c->says = arena_str(own, c->says);
    arena_free(&batch);
    return e;
}

/* Asked for and due, or never confirmed within the time for it; not what was called off since. */
static enum err is_due(struct ctx *c, const struct account *a, bool *due)
{
    struct member *m = NULL;
    TRY(store_member_find(c, a->id, &m));
    bool asked = a->deletion_ms != 0 && a->deletion_ms <= c->now_ms;
    bool never_came =
        m != NULL && m->confirmed_ms == 0 && !a->active && a->created_ms + UNCONFIRMED_DAYS * DAY_MS <= c->now_ms;
    *due = asked || never_came || (m == NULL && a->deletion_ms != 0);
    return OK;
}

/* Subject: the account. */
enum err job_account_remove(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    static step_fn *const steps[] = { remove_own,      remove_parleys, remove_favourites,    remove_bookmarks,
                                      remove_votes,    remove_follows, remove_blocks,        remove_media,
                                      remove_archives, remove_invites, remove_staff_notices, remove_rows };
    struct account *a = NULL;
    bool due = false;
    (void)tools;
    TRY(store_account_find(c, j->subject, &a));
    if (a == NULL)
        return OK;
    TRY(is_due(c, a, &due));
    for (size_t i = 0; due && i < sizeof steps / sizeof steps[0]; i++)
        TRY(run_step(c, steps[i], a));
    return OK;
}
