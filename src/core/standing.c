/* SPDX-License-Identifier: Apache-2.0 */
#include "core/standing.h"

#include "core/session.h"
#include "core/staff.h"
#include "core/trend.h"
#include "core/uni.h"
#include "feed/feed.h"
#include "model/account.h"
#include "model/status.h"
#include "store/account.h"
#include "store/job.h"
#include "store/standing.h"
#include "store/status.h"
#include "store/tx.h"

static const char *const words[] = {
    [STANDING_NORMAL] = "normal",       [STANDING_SENSITIVE] = "sensitive", [STANDING_LIMITED] = "limited",
    [STANDING_HELD] = "held",           [STANDING_REMOVED] = "removed",     [STANDING_FROZEN] = "frozen",
    [STANDING_SUSPENDED] = "suspended",
};

struct str standing_word(enum standing_kind kind)
{
    return str_c(words[kind]);
}

bool standing_parse(struct str word, enum standing_kind *out)
{
    for (int i = 0; i <= STANDING_SUSPENDED; i++)
        if (str_eq(word, str_c(words[i]))) {
            *out = (enum standing_kind)i;
            return true;
        }
    return false;
}

static bool fits_member(enum standing_kind kind)
{
    return kind != STANDING_HELD && kind != STANDING_REMOVED;
}

static bool fits_status(enum standing_kind kind)
{
    return kind != STANDING_FROZEN && kind != STANDING_SUSPENDED;
}

static enum err check_order(struct ctx *c, const struct standing_order *o, bool fits)
{
    if (!fits)
        return fail(c, ERR_INVALID, "Validation failed: Standing does not apply to this");
    if (uni_graphemes(o->reason) > STANDING_REASON_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Reason is too long (maximum is %d characters)",
                    STANDING_REASON_MAX);
    if (o->until_ms != 0 && (o->until_ms <= c->now_ms || o->kind == STANDING_NORMAL))
        return fail(c, ERR_INVALID, "Validation failed: End must be in the future");
    return OK;
}

static struct standing ordered(const struct ctx *c, const struct standing_order *o)
{
    return (struct standing){
        .kind = o->kind,
        .reason = o->reason,
        .by = c->me == NULL ? 0 : c->me->id,
        .since_ms = c->now_ms,
        .until_ms = o->until_ms,
    };
}

static enum err add_end(struct ctx *c, int64_t subject_id, const struct standing *s)
{
    return s->until_ms == 0 ? OK : store_job_add(c, JOB_STANDING_ENDS, subject_id, STR(""), s->until_ms);
}

static enum err write_member(struct ctx *c, int64_t id, const struct standing *s)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_account_set_standing(c, id, s));
    TRY(add_end(c, id, s));
    if (s->kind == STANDING_SUSPENDED)
        TRY(session_end_all(c, id, 0));
    TRY(tx_commit(&tx));
    feed_account_changed(c->feed, id);
    if (s->kind == STANDING_SUSPENDED)
        feed_sessions_ended(c->feed, id);
    return OK;
}

static enum err write_status(struct ctx *c, struct status *now, const struct standing *s)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_status_set_standing(c, now->id, s));
    TRY(add_end(c, now->id, s));
    TRY(tx_commit(&tx));
    now->standing = *s;
    feed_status_changed(c->feed, now);
    if (s->kind != STANDING_NORMAL)
        trend_removed(c, now);
    return OK;
}

enum err standing_set_member(struct ctx *c, int64_t account_id, const struct standing_order *o)
{
    struct account *a = NULL;
    TRY(staff_only(c));
    TRY(store_account_get(c, account_id, &a));
    TRY(staff_above(c, a));
    TRY(check_order(c, o, fits_member(o->kind)));
    struct standing s = ordered(c, o);
    return write_member(c, a->id, &s);
}

enum err standing_set_status(struct ctx *c, int64_t status_id, const struct standing_order *o)
{
    struct status *now = NULL;
    struct account *author = NULL;
    TRY(staff_only(c));
    TRY(store_status_get(c, status_id, &now));
    TRY(store_account_get(c, now->account_id, &author));
    TRY(staff_above(c, author));
    TRY(check_order(c, o, fits_status(o->kind)));
    struct standing s = ordered(c, o);
    return write_status(c, now, &s);
}

enum err standing_history(struct ctx *c, int64_t subject_id, struct standing **out, int64_t *n)
{
    TRY(staff_only(c));
    return store_standing_history(c, subject_id, STANDING_LOG_MAX, out, n);
}

static bool is_due(const struct ctx *c, const struct standing *s)
{
    return s->kind != STANDING_NORMAL && s->until_ms != 0 && s->until_ms <= c->now_ms;
}

enum err standing_end_due(struct ctx *c, int64_t subject_id)
{
    struct account *a = NULL;
    struct status *s = NULL;
    struct standing normal = { .reason = STR("The time was over"), .since_ms = c->now_ms };
    TRY(store_account_find(c, subject_id, &a));
    if (a != NULL)
        return is_due(c, &a->standing) ? write_member(c, a->id, &normal) : OK;
    TRY(store_status_find(c, subject_id, &s));
    return s != NULL && is_due(c, &s->standing) ? write_status(c, s, &normal) : OK;
}
