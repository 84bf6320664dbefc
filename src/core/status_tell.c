/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_tell.h"

#include "core/notify.h"
#include "model/page.h"
#include "model/status.h"
#include "store/account.h"
#include "store/bond.h"
#include "store/notification.h"
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
