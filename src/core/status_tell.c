/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_tell.h"

#include "core/notify.h"
#include "core/poll.h"
#include "model/page.h"
#include "model/status.h"
#include "store/account.h"
#include "store/bond.h"
#include "store/job.h"
#include "store/notification.h"
#include "store/poll.h"
#include "store/quote.h"
#include "store/reblog.h"
#include "store/status.h"
#include "store/tx.h"

/* NULL: nothing to tell. c->me becomes the author: it is they who speak. */
static enum err speaker(struct ctx *c, int64_t id, struct status **s)
{
    struct account *author = NULL;
    TRY(store_status_find(c, id, s));
    if (*s == NULL)
        return OK;
    TRY(store_account_find(c, (*s)->account_id, &author));
    if (author == NULL || (*s)->standing.kind >= STANDING_HELD || author->standing.kind == STANDING_SUSPENDED)
        *s = NULL;
    c->me = author;
    return OK;
}

static enum err tell(struct ctx *c, const struct status *s, enum notification_type type, int64_t *ids, int64_t n)
{
    TX tx = { 0 };
    TRY(notify_filter(c, s->thread_id, ids, &n));
    if (n == 0)
        return OK;
    TRY(tx_begin(c, &tx));
    TRY(store_notification_retract_many(c, ids, n, type, s->account_id, s->id));
    TRY(notify_all(c, ids, n, type, s->id));
    return tx_commit(&tx);
}

enum err status_tell_followers(struct ctx *c, int64_t id)
{
    struct status *s = NULL;
    int64_t ids[STATUS_TELL_BATCH];
    int64_t n = STATUS_TELL_BATCH;
    TRY(speaker(c, id, &s));
    for (int64_t after = 0; s != NULL && n == STATUS_TELL_BATCH;) {
        TRY(store_bond_listeners(c, s->account_id, after, STATUS_TELL_BATCH, ids, &n));
        after = n > 0 ? ids[n - 1] : 0;
        TRY(tell(c, s, NOTE_STATUS, ids, n));
    }
    return OK;
}

enum err status_tell_echoers(struct ctx *c, int64_t id)
{
    struct status *s = NULL;
    struct page p = { .limit = STATUS_TELL_BATCH };
    int64_t n = STATUS_TELL_BATCH;
    TRY(speaker(c, id, &s));
    while (s != NULL && n == STATUS_TELL_BATCH) {
        struct page_row *rows = NULL;
        int64_t ids[STATUS_TELL_BATCH];
        TRY(store_reblog_of(c, id, &p, &rows, &n));
        for (int64_t i = 0; i < n; i++)
            ids[i] = rows[i].id;
        p.max_id = n > 0 ? rows[n - 1].row_id : 0;
        TRY(tell(c, s, NOTE_UPDATE, ids, n));
    }
    return OK;
}

enum err status_tell_quoters(struct ctx *c, int64_t id)
{
    struct status *s = NULL;
    int64_t quotes[STATUS_TELL_BATCH];
    int64_t ids[STATUS_TELL_BATCH];
    int64_t n = STATUS_TELL_BATCH;
    TRY(speaker(c, id, &s));
    for (int64_t after = 0; s != NULL && n == STATUS_TELL_BATCH;) {
        TRY(store_quote_authors(c, id, after, STATUS_TELL_BATCH, quotes, ids, &n));
        after = n > 0 ? quotes[n - 1] : 0;
        TRY(tell(c, s, NOTE_QUOTED_UPDATE, ids, n));
    }
    return OK;
}

/* Those of a batch who voted in the present round and may be told; the author with the first batch, whoever they mute.
 */
static enum err hearers(struct ctx *c, const struct status *s, const struct poll *p, const struct poll_vote *votes,
                        int64_t votes_n, bool is_first, int64_t *ids, int64_t *n)
{
    *n = 0;
    for (int64_t i = 0; i < votes_n; i++)
        if (votes[i].round == p->round)
            ids[(*n)++] = votes[i].id;
    TRY(notify_filter(c, s->thread_id, ids, n));
    if (is_first)
        ids[(*n)++] = s->account_id;
    return OK;
}

enum err status_tell_voters(struct ctx *c, int64_t id, int64_t end_ms, int64_t after)
{
    TX tx = { 0 };
    struct status *s = NULL;
    struct poll *p = NULL;
    struct poll_vote votes[POLL_BATCH];
    int64_t ids[POLL_BATCH + 1];
    int64_t votes_n = 0;
    int64_t n = 0;
    TRY(speaker(c, id, &s));
    if (s != NULL)
        TRY(store_poll_find(c, id, &p));
    if (p == NULL || p->expires_ms != end_ms)
        return OK; /* its end was moved: another job's */
    TRY(store_poll_voters(c, id, after, POLL_BATCH, votes, &votes_n));
    TRY(hearers(c, s, p, votes, votes_n, after == 0, ids, &n));
    TRY(tx_begin(c, &tx));
    TRY(store_notification_retract_many(c, ids, n, NOTE_POLL, s->account_id, id));
    TRY(notify_all(c, ids, n, NOTE_POLL, id));
    if (votes_n == POLL_BATCH)
        TRY(store_job_add(c, JOB_POLL_ENDED, id,
                          arena_strf(c->arena, "%lld:%lld", (long long)end_ms, (long long)votes[votes_n - 1].id),
                          c->now_ms));
    return tx_commit(&tx);
}
