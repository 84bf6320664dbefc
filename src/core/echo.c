/* SPDX-License-Identifier: Apache-2.0 */
#include "core/interact.h"

#include "core/notify.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "core/status_row.h"
#include "core/trend.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/favourite.h"
#include "store/member.h"
#include "store/reblog.h"
#include "store/status.h"
#include "store/tx.h"

/* Echoes, and who did what: the half of core/interact.h that makes and shows rows of its own. */

static enum err echo_check(struct ctx *c, const struct status *s)
{
    bool is_own = s->account_id == c->me->id;
    bool open = s->visibility <= VIS_UNLISTED || (s->visibility == VIS_PRIVATE && is_own);
    if (!open || s->standing.kind >= STANDING_HELD)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    return OK;
}

static enum err echo_visibility(struct ctx *c, const struct status *s, int asked, enum visibility *out)
{
    *out = VIS_PRIVATE;
    if (s->visibility == VIS_PRIVATE)
        return OK;
    if (asked == (int)VIS_DIRECT)
        return fail(c, ERR_INVALID, "Validation failed: Visibility is not allowed for a boost");
    if (asked >= 0)
        *out = (enum visibility)asked;
    else if (c->me->default_visibility != VIS_DIRECT)
        *out = c->me->default_visibility;
    return OK;
}

/* ERR_CONFLICT: the same echo was made in the meantime. *was: the one that is there already. */
static enum err store_echo(struct ctx *c, struct status *echo, const int64_t *told, int64_t told_n, struct status **was)
{
    TX tx = { 0 };
    int64_t id = 0;
    bool added = false;
    *was = NULL;
    TRY(tx_begin(c, &tx));
    TRY(store_reblog_find(c, c->me->id, echo->reblog_of_id, &id));
    if (id != 0)
        TRY(store_status_find(c, id, was));
    if (*was != NULL)
        return tx_commit(&tx);
    echo->thread_id = 0;
    TRY(store_status_insert(c, echo));
    TRY(store_reblog_insert(c, c->me->id, echo->reblog_of_id, echo->id, &added));
    if (!added)
        return fail(c, ERR_CONFLICT, "This was echoed in the meantime");
    TRY(status_row_count(c, echo, 1));
    TRY(notify_all(c, told, told_n, NOTE_REBLOG, echo->reblog_of_id));
    return tx_commit(&tx);
}

enum err status_reblog(struct ctx *c, int64_t id, int visibility, struct status **out)
{
    struct status *s = NULL;
    struct status *echo = ARENA_NEW(c->arena, struct status);
    int64_t told_n = 1;
    TRY(member_may_write(c));
    TRY(status_see(c, id, &s, NULL));
    if (s->reblog_of_id != 0)
        TRY(status_see(c, s->reblog_of_id, &s, NULL));
    TRY(echo_check(c, s));
    *echo = (struct status){
        .account_id = c->me->id,
        .reblog_of_id = s->id,
        .reblog_of_account_id = s->account_id,
        .app_id = c->session == NULL ? 0 : c->session->app_id,
        .created_ms = c->now_ms,
    };
    TRY(echo_visibility(c, s, visibility, &echo->visibility));
    int64_t told = s->account_id;
    TRY(notify_filter(c, s->thread_id, &told, &told_n));
    enum err e = store_echo(c, echo, &told, told_n, out);
    if (e == ERR_CONFLICT)
        e = store_echo(c, echo, &told, told_n, out);
    TRY(e);
    if (*out != NULL)
        return OK;
    status_row_tell_added(c, echo);
    feed_marked(c->feed, c->me->id, s->id, FEED_REBLOGGED, true);
    trend_reacted(c, s->id, s->account_id);
    *out = echo;
    return OK;
}

enum err status_unreblog(struct ctx *c, int64_t id, struct status **out)
{
    struct status *echo = NULL;
    int64_t echo_id = 0;
    TRY(member_may_write(c));
    TRY(store_status_get(c, id, out));
    int64_t original = (*out)->reblog_of_id != 0 ? (*out)->reblog_of_id : id;
    enum err seen = status_see(c, original, out, NULL); /* before: no error after it is done */
    if (seen != ERR_NOT_FOUND)                          /* what is hidden meanwhile can be taken back, too */
        TRY(seen);
    TRY(store_reblog_find(c, c->me->id, original, &echo_id));
    if (echo_id != 0)
        TRY(store_status_find(c, echo_id, &echo));
    enum err e = echo != NULL ? status_remove(c, echo) : OK;
    if (e != ERR_NOT_FOUND) /* somebody took it back at the same time */
        TRY(e);
    if (seen == OK && echo != NULL && e == OK)
        (*out)->reblogs_count -= (*out)->reblogs_count > 0;
    return seen;
}

static enum err hide(struct ctx *c, struct page_row *rows, int64_t n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    TRY(accounts_filter(c, ids, n));
    for (int64_t i = 0; i < n; i++)
        rows[i].id = ids[i];
    return OK;
}

enum err status_favourited_by(struct ctx *c, int64_t id, const struct page *p, struct page_row **out, int64_t *n)
{
    struct status *s = NULL;
    TRY(status_see(c, id, &s, NULL));
    TRY(store_favourite_of(c, s->reblog_of_id != 0 ? s->reblog_of_id : id, p, out, n));
    return hide(c, *out, *n);
}

enum err status_reblogged_by(struct ctx *c, int64_t id, const struct page *p, struct page_row **out, int64_t *n)
{
    struct status *s = NULL;
    TRY(status_see(c, id, &s, NULL));
    TRY(store_reblog_of(c, s->reblog_of_id != 0 ? s->reblog_of_id : id, p, out, n));
    return hide(c, *out, *n);
}
