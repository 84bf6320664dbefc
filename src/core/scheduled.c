/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scheduled.h"

#include "base/clock.h"
#include "core/attachment.h"
#include "core/draft_json.h"
#include "core/site.h"
#include "core/status.h"
#include "core/visible.h"
#include "model/session.h"
#include "model/site.h"
#include "store/account.h"
#include "store/claim.h"
#include "store/draft.h"
#include "store/job.h"
#include "store/scheduled.h"
#include "store/tx.h"

#define WAIT_SITE_MS   MINUTE_MS
#define WAIT_MEMBER_MS HOUR_MS

static enum err check_time(struct ctx *c, int64_t due_ms)
{
    int64_t ahead_s = c->site->testing ? 1 : SCHEDULED_AHEAD_S;
    if (due_ms >= c->now_ms + ahead_s * SECOND_MS)
        return OK;
    return fail(c, ERR_INVALID, "Validation failed: Scheduled at must be at least %lld seconds in the future",
                (long long)ahead_s);
}

/* The member's row is locked: two at once do not both fit below the limit. `more`: one that is not there yet. */
static enum err check_limits(struct ctx *c, int64_t due_ms, int more)
{
    int64_t all = 0;
    int64_t that_day = 0;
    int64_t day = due_ms - due_ms % DAY_MS;
    TRY(store_account_lock(c, &c->me->id, 1));
    TRY(store_scheduled_count(c, c->me->id, day, day + DAY_MS, &all, &that_day));
    if (all + more > SCHEDULED_MAX)
        return fail(c, ERR_INVALID, "Validation failed: At most %d parleys may wait to be published", SCHEDULED_MAX);
    if (that_day + more > SCHEDULED_DAY_MAX)
        return fail(c, ERR_INVALID, "Validation failed: At most %d parleys may be scheduled for one day",
                    SCHEDULED_DAY_MAX);
    return OK;
}

static enum err find_replay(struct ctx *c, struct str key, struct scheduled **out)
{
    int64_t id = 0;
    *out = NULL;
    if (key.p == NULL)
        return OK;
    TRY(store_claim_find(c, CLAIM_IDEMPOTENCY, key, &id));
    if (id == 0)
        return OK;
    TRY(store_scheduled_find(c, id, out));
    return *out != NULL ? OK : fail(c, ERR_GONE, "This was published or deleted since");
}

/* Its files stay until a day after it is due. */
static enum err reserve(struct ctx *c, const struct scheduled *s, int64_t due_ms)
{
    struct status_draft d = { 0 };
    TRY(draft_from_json(c, s->draft, &d));
    return attachments_reserve(c, &d, due_ms + DAY_MS);
}

static enum err insert(struct ctx *c, struct str key, struct scheduled *s)
{
    TRY(check_limits(c, s->due_ms, 1));
    TRY(reserve(c, s, s->due_ms));
    TRY(store_scheduled_insert(c, s));
    if (key.p != NULL)
        TRY(store_claim_take(c, CLAIM_IDEMPOTENCY, key, s->id, c->now_ms + IDEMPOTENCY_HOURS * HOUR_MS));
    return store_job_add(c, JOB_SCHEDULED_PUBLISH, s->id, STR(""), s->due_ms);
}

static enum err store_new(struct ctx *c, struct str key, struct scheduled *s, struct scheduled **replay)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(find_replay(c, key, replay));
    if (*replay == NULL)
        TRY(insert(c, key, s));
    return tx_commit(&tx);
}

enum err scheduled_add(struct ctx *c, const struct status_draft *d, int64_t due_ms, struct scheduled **out)
{
    struct scheduled *s = ARENA_NEW(c->arena, struct scheduled);
    struct str key = { 0 };
    TRY(member_may_write(c));
    TRY(check_time(c, due_ms));
    TRY(status_key(c, d, &key));
    TRY(status_check(c, d));
    *s = (struct scheduled){
        .account_id = c->me->id,
        .due_ms = due_ms,
        .app_id = c->session == NULL ? 0 : c->session->app_id,
        .created_ms = c->now_ms,
    };
    s->draft = draft_json(c->arena, d, s->app_id);
    enum err e = store_new(c, key, s, out);
    if (e == ERR_CONFLICT)
        e = store_new(c, key, s, out);
    TRY(e);
    if (*out == NULL)
        *out = s;
    return OK;
}

enum err scheduled_list(struct ctx *c, const struct page *p, struct scheduled **out, int64_t *n)
{
    return store_scheduled_list(c, c->me->id, p, out, n);
}

enum err scheduled_get(struct ctx *c, int64_t id, struct scheduled **out)
{
    TRY(store_scheduled_find(c, id, out));
    return *out != NULL && (*out)->account_id == c->me->id ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err scheduled_move(struct ctx *c, int64_t id, int64_t due_ms, struct scheduled **out)
{
    TX tx = { 0 };
    bool found = false;
    TRY(scheduled_get(c, id, out));
    TRY(check_time(c, due_ms));
    TRY(tx_begin(c, &tx));
    TRY(store_scheduled_move(c, id, due_ms, &found));
    if (!found)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(check_limits(c, due_ms, 0));
    TRY(reserve(c, *out, due_ms));
    TRY(store_job_add(c, JOB_SCHEDULED_PUBLISH, id, STR(""), due_ms));
    TRY(tx_commit(&tx));
    (*out)->due_ms = due_ms;
    return OK;
}

enum err scheduled_remove(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct scheduled *s = NULL;
    bool found = false;
    TRY(scheduled_get(c, id, &s));
    TRY(tx_begin(c, &tx));
    TRY(store_scheduled_delete(c, id, &found));
    return tx_commit(&tx);
}

static enum err wait_for(struct ctx *c, int64_t id, int64_t ms)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(store_job_add(c, JOB_SCHEDULED_PUBLISH, id, STR(""), c->now_ms + ms));
    return tx_commit(&tx);
}

static enum err turn_into_draft(struct ctx *c, const struct scheduled *s)
{
    TX tx = { 0 };
    bool found = false;
    struct saved_draft d = {
        .account_id = s->account_id,
        .version = 1,
        .draft = s->draft,
        .created_ms = c->now_ms,
        .updated_ms = c->now_ms,
    };
    TRY(tx_begin(c, &tx));
    TRY(store_scheduled_delete(c, s->id, &found));
    if (found)
        TRY(store_draft_insert(c, &d));
    return tx_commit(&tx);
}

enum err scheduled_publish(struct ctx *c, int64_t id)
{
    struct scheduled *s = NULL;
    struct account *author = NULL;
    struct status *made = NULL;
    struct status_draft d = { 0 };
    TRY(store_scheduled_find(c, id, &s));
    if (s == NULL || s->due_ms > c->now_ms)
        return OK; /* called off, or moved: another job's */
    TRY(store_account_find(c, s->account_id, &author));
    if (author == NULL)
        return OK;
    struct session *as = ARENA_NEW(c->arena, struct session);
    *as = (struct session){ .account_id = author->id, .app_id = s->app_id };
    c->me = author;
    c->session = as;
    if (site_allows_write(c) != OK)
        return wait_for(c, id, WAIT_SITE_MS);
    if (member_may_write(c) != OK)
        return wait_for(c, id, WAIT_MEMBER_MS);
    TRY(draft_from_json(c, s->draft, &d));
    d.scheduled_id = id;
    enum err e = status_publish(c, &d, &made);
    if (e == ERR_INVALID || e == ERR_NOT_FOUND || e == ERR_FORBIDDEN)
        return turn_into_draft(c, s);
    return e == ERR_GONE ? OK : e; /* gone: somebody called it off, or it was published, just now */
}
