/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_delete.h"

#include "base/id.h"
#include "core/attachment.h"
#include "core/context.h"
#include "core/conversation.h"
#include "core/mention.h"
#include "core/poll.h"
#include "core/quote.h"
#include "core/status.h"
#include "core/status_row.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/bookmark.h"
#include "store/favourite.h"
#include "store/job.h"
#include "store/notification.h"
#include "store/pin.h"
#include "store/poll.h"
#include "store/quote.h"
#include "store/reblog.h"
#include "store/status.h"
#include "store/status_version.h"
#include "store/thread.h"
#include "store/tx.h"

/* What others hung on it, a batch: the echoes that went, to be told to the feed. */
struct swept {
    struct status *echoes[STATUS_SWEEP_BATCH];
    int64_t who[STATUS_SWEEP_BATCH + 1]; /* whose they were; 0: nobody's; room for the author */
    int64_t echoes_n;
    bool more;
};

static enum err sweep(struct ctx *c, int64_t id, struct swept *w)
{
    int64_t echo_ids[STATUS_SWEEP_BATCH];
    int64_t favourites_n = 0;
    int64_t votes_n = 0;
    int64_t quotes_n = 0;
    TRY(store_quote_sweep(c, id, STATUS_SWEEP_BATCH, &quotes_n));
    TRY(poll_sweep_votes(c, id, &votes_n));
    TRY(store_favourite_sweep(c, id, STATUS_SWEEP_BATCH, &favourites_n));
    TRY(store_reblog_sweep(c, id, STATUS_SWEEP_BATCH, echo_ids, &w->echoes_n));
    TRY(store_status_load(c, echo_ids, w->echoes_n, w->echoes));
    TRY(store_status_delete_many(c, echo_ids, w->echoes_n));
    for (int64_t i = 0; i < w->echoes_n; i++)
        w->who[i] = w->echoes[i] == NULL ? 0 : w->echoes[i]->account_id;
    w->more = favourites_n == STATUS_SWEEP_BATCH || w->echoes_n == STATUS_SWEEP_BATCH || votes_n == POLL_BATCH
              || quotes_n == STATUS_SWEEP_BATCH;
    return OK;
}

/* The counters of the members behind it, all at once: see the order of locks in core/status_row.h. s may be NULL. */
static enum err uncount(struct ctx *c, const struct status *s, struct swept *w)
{
    if (s != NULL)
        TRY(status_row_count_other(c, s, -1));
    w->who[w->echoes_n] = s == NULL ? 0 : s->account_id;
    if (w->echoes_n > 0)
        TRY(store_account_lock(c, w->who, w->echoes_n + 1));
    if (s != NULL)
        TRY(status_row_count_author(c, s, -1, NULL));
    return store_account_uncount_statuses(c, w->who, w->echoes_n);
}

static void tell_swept(struct ctx *c, const struct swept *w)
{
    for (int64_t i = 0; i < w->echoes_n; i++) {
        if (w->echoes[i] == NULL)
            continue;
        feed_status_removed(c->feed, w->echoes[i]);
        feed_account_counted(c->feed, w->echoes[i]->account_id, -1, 0, 0, 0);
    }
}

/* Those who can have been told of it without the job having to look everywhere: whom it names, and its author. */
static enum err forget_notifications(struct ctx *c, const struct status *s, const struct quote *q)
{
    const struct mention *m = NULL;
    int64_t n = mention_list(c->arena, s->mentions, &m);
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 3, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = m[i].id;
    ids[n++] = s->account_id;
    if (q != NULL)
        ids[n++] = q->quoted_account_id;
    if (s->reblog_of_account_id != 0)
        ids[n++] = s->reblog_of_account_id;
    return store_notification_delete_status(c, s->id, ids, n);
}

static enum err delete_own_rows(struct ctx *c, const struct status *s, bool keep_media)
{
    bool removed = false;
    TRY(attachments_release(c, s, keep_media));
    TRY(store_status_version_delete(c, s->id));
    if ((s->parts & PART_POLL) != 0)
        TRY(store_poll_delete(c, s->id));
    TRY(status_row_tags(c, s, s->tags, STR("[]")));
    TRY(store_pin_delete(c, s->account_id, s->id, &removed));
    return s->thread_id == s->id ? OK : store_thread_delete(c, s->thread_id, s->id);
}

/* The row goes first: on PostgreSQL that makes whoever hangs something on it wait and then find it gone. Only what an
   echo echoes is locked before it: who deletes that takes its echoes with it. */
static enum err delete_all(struct ctx *c, int64_t id, bool keep_media, struct status **was, struct quote **q,
                           struct swept *w)
{
    TX tx = { 0 };
    bool deleted = false;
    TRY(tx_begin(c, &tx));
    TRY(store_status_get(c, id, was));
    const struct status *s = *was;
    if (s->reblog_of_id != 0)
        TRY(store_status_lock(c, s->reblog_of_id, NULL));
    TRY(store_status_delete(c, s->id, &deleted));
    if (!deleted)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(delete_own_rows(c, s, keep_media));
    if (s->reblog_of_id != 0)
        TRY(store_reblog_delete(c, s->account_id, s->reblog_of_id, &deleted));
    else
        TRY(sweep(c, s->id, w));
    TRY(quote_forget(c, s, q));
    TRY(uncount(c, s, w));
    TRY(forget_notifications(c, s, *q));
    TRY(conversation_drop(c, s));
    if (s->reblog_of_id != 0)
        TRY(store_notification_retract(c, s->reblog_of_account_id, NOTE_REBLOG, s->account_id, s->reblog_of_id));
    TRY(store_job_add(c, JOB_STATUS_REMOVED, s->id, id_text(c->arena, s->thread_id), c->now_ms));
    return tx_commit(&tx);
}

static enum err take_away(struct ctx *c, const struct status *s, bool keep_media)
{
    struct swept *w = ARENA_NEW(c->arena, struct swept);
    struct status *was = NULL;
    struct quote *q = NULL;
    TRY(delete_all(c, s->id, keep_media, &was, &q, w));
    status_row_tell_removed(c, was);
    if (q != NULL)
        feed_status_counted(c->feed, q->quoted_id, FEED_QUOTES, -1);
    tell_swept(c, w);
    if (was->reblog_of_id != 0)
        feed_marked(c->feed, was->account_id, was->reblog_of_id, FEED_REBLOGGED, false);
    return OK;
}

enum err status_remove(struct ctx *c, const struct status *s)
{
    return take_away(c, s, false);
}

enum err status_delete(struct ctx *c, int64_t id, struct status **out)
{
    TRY(status_own(c, id, out));
    return take_away(c, *out, false);
}

enum err status_withdraw(struct ctx *c, int64_t id, struct status **out)
{
    TRY(status_own(c, id, out));
    return take_away(c, *out, true);
}

static enum err sweep_batch(struct ctx *c, int64_t id, struct swept *w)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(sweep(c, id, w));
    TRY(uncount(c, NULL, w));
    if (!w->more) {
        TRY(store_bookmark_sweep(c, id));
        TRY(store_notification_sweep_status(c, id));
    }
    return tx_commit(&tx);
}

enum err status_sweep(struct ctx *c, int64_t id)
{
    struct swept *w = ARENA_NEW(c->arena, struct swept);
    struct status *s = NULL;
    TRY(store_status_find(c, id, &s));
    if (s != NULL)
        return OK; /* the number of another parley: nothing of it may go */
    do {
        *w = (struct swept){ 0 };
        TRY(sweep_batch(c, id, w));
        tell_swept(c, w);
    } while (w->more);
    return OK;
}

static enum err orphan_batch(struct ctx *c, int64_t id, const struct thread_row *rows, int64_t rows_n)
{
    TX tx = { 0 };
    int64_t ids[STATUS_SWEEP_BATCH];
    int64_t n = 0;
    for (int64_t i = 0; i < rows_n; i++)
        if (rows[i].parent_id == id)
            ids[n++] = rows[i].status_id;
    if (n == 0)
        return OK;
    TRY(tx_begin(c, &tx));
    TRY(store_status_orphan(c, ids, n, id));
    TRY(tx_commit(&tx));
    for (int64_t i = 0; i < n; i++)
        feed_status_counted(c->feed, ids[i], FEED_REPLIES, 0);
    return OK;
}

enum err status_orphan(struct ctx *c, int64_t id, int64_t thread_id)
{
    struct thread_row rows[STATUS_SWEEP_BATCH];
    struct status *s = NULL;
    int64_t n = STATUS_SWEEP_BATCH;
    TRY(store_status_find(c, id, &s));
    if (s != NULL)
        return OK;
    for (int64_t after = id_floor(id_ms(id) - CONTEXT_SKEW_MS); n == STATUS_SWEEP_BATCH;) {
        TRY(store_thread_after(c, thread_id, after, STATUS_SWEEP_BATCH, rows, &n));
        TRY(orphan_batch(c, id, rows, n));
        after = n > 0 ? rows[n - 1].status_id : after;
    }
    return OK;
}
