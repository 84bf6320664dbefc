/* SPDX-License-Identifier: Apache-2.0 */
#include "core/terms.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/site.h"
#include "core/staff.h"
#include "core/text.h"
#include "core/uni.h"
#include "model/account.h"
#include "store/setting.h"
#include "store/tx.h"

static int64_t today(const struct ctx *c)
{
    return c->now_ms - c->now_ms % DAY_MS;
}

enum err terms_list(struct ctx *c, struct terms_version **out, int64_t *n)
{
    struct terms *all = ARENA_ARRAY(c->arena, TERMS_MAX, struct terms);
    bool found = false;
    TRY(store_terms_list(c, all, n));
    *out = ARENA_ARRAY(c->arena, TERMS_MAX, struct terms_version);
    for (int64_t i = 0; i < *n; i++) {
        bool holds = !found && all[i].effective_ms <= c->now_ms;
        (*out)[i] = (struct terms_version){ all[i], holds, i > 0 ? all[i - 1].effective_ms : 0 };
        found = found || holds;
    }
    return OK;
}

enum err terms_current(struct ctx *c, struct terms_version *out)
{
    struct terms_version *all = NULL;
    int64_t n = 0;
    TRY(terms_list(c, &all, &n));
    for (int64_t i = 0; i < n; i++)
        if (all[i].effective || i == n - 1) {
            *out = all[i];
            return OK;
        }
    return fail(c, ERR_NOT_FOUND, "Record not found");
}

static bool parse_day(struct ctx *c, struct str date, int64_t *ms)
{
    return date.n == 10 && clock_parse(arena_strf(c->arena, STR_FMT "T00:00:00Z", STR_ARG(date)), ms);
}

enum err terms_of(struct ctx *c, struct str date, struct terms_version *out)
{
    struct terms_version *all = NULL;
    int64_t n = 0;
    int64_t day_ms = 0;
    bool is_day = parse_day(c, date, &day_ms);
    TRY(terms_list(c, &all, &n));
    for (int64_t i = 0; is_day && i < n; i++)
        if (all[i].terms.effective_ms == day_ms) {
            *out = all[i];
            return OK;
        }
    return fail(c, ERR_NOT_FOUND, "Record not found");
}

static enum err owner_only(struct ctx *c)
{
    if (staff_is_operator(c) || (c->me != NULL && c->me->role == ROLE_OWNER))
        return OK;
    return fail(c, ERR_FORBIDDEN, "This action is not allowed");
}

static void log_change(struct ctx *c, const char *what, int64_t day_ms)
{
    struct str by = staff_name(c);
    struct str day = clock_date(c->arena, day_ms);
    log_info(c->id, "terms of service of " STR_FMT " %s, by " STR_FMT, STR_ARG(day), what, STR_ARG(by));
}

enum err terms_write(struct ctx *c, struct str text, struct str date)
{
    TX tx = { 0 };
    struct terms_version *all = NULL;
    int64_t n = 0;
    struct terms t = { .effective_ms = today(c), .text = text, .written_ms = c->now_ms };
    TRY(owner_only(c));
    if (date.n > 0 && !parse_day(c, date, &t.effective_ms))
        return fail(c, ERR_INVALID, "The day must be like 2027-01-31");
    if (t.effective_ms < today(c))
        return fail(c, ERR_INVALID, "The day is in the past: what was in force stays as it was");
    if (!str_is_utf8(text) || uni_is_blank(text))
        return fail(c, ERR_INVALID, "The text can't be blank");
    if (text_graphemes(text) > TERMS_TEXT_MAX)
        return fail(c, ERR_INVALID, "The text is longer than %d characters", TERMS_TEXT_MAX);
    TRY(terms_list(c, &all, &n));
    if (n >= TERMS_MAX)
        return fail(c, ERR_INVALID, "There are %d versions, the most there can be", TERMS_MAX);
    TRY(tx_begin(c, &tx));
    TRY(store_terms_put(c, &t));
    TRY(tx_commit(&tx));
    log_change(c, "written", t.effective_ms);
    return OK;
}

enum err terms_remove(struct ctx *c, struct str date)
{
    TX tx = { 0 };
    struct terms_version v = { 0 };
    TRY(owner_only(c));
    TRY(terms_of(c, date, &v));
    if (v.terms.effective_ms <= c->now_ms)
        return fail(c, ERR_INVALID, "What is or was in force stays on record");
    TRY(tx_begin(c, &tx));
    TRY(store_terms_delete(c, v.terms.effective_ms));
    TRY(tx_commit(&tx));
    log_change(c, "removed", v.terms.effective_ms);
    return OK;
}

/* --- weeks --- */

/* 1 January 1970 was a Thursday. */
int64_t activity_week_of(int64_t ms)
{
    return ms - (ms + 3 * DAY_MS) % (7 * DAY_MS);
}

enum err activity_keep(struct ctx *c, int64_t statuses)
{
    struct site_counts n = { 0 };
    site_figures(c->sites, &n);
    const struct activity a = { .week_ms = activity_week_of(c->now_ms),
                                .statuses = statuses,
                                .logins = n.week_ms == activity_week_of(c->now_ms) ? n.active_week : 0,
                                .registrations = n.week_ms == activity_week_of(c->now_ms) ? n.joined_week : 0 };
    return store_activity_add(c, &a);
}

enum err activity_weeks(struct ctx *c, struct activity out[static ACTIVITY_WEEKS])
{
    struct activity rows[ACTIVITY_WEEKS];
    int64_t n = 0;
    int64_t now = activity_week_of(c->now_ms);
    TRY(store_activity_list(c, now - (ACTIVITY_WEEKS - 1) * 7 * DAY_MS, rows, &n));
    for (int64_t i = 0; i < ACTIVITY_WEEKS; i++) {
        out[i] = (struct activity){ .week_ms = now - i * 7 * DAY_MS };
        for (int64_t k = 0; k < n; k++)
            if (rows[k].week_ms == out[i].week_ms)
                out[i] = rows[k];
    }
    return OK;
}
