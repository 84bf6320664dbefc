/* SPDX-License-Identifier: Apache-2.0 */
#include "core/poll.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/mention.h"
#include "core/text.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "model/site.h"
#include "store/job.h"
#include "store/poll.h"
#include "store/status.h"
#include "store/tx.h"

int64_t poll_seconds_min(const struct ctx *c)
{
    return c->site->testing ? 1 : POLL_SECONDS_MIN;
}

int64_t poll_titles(struct arena *a, const struct poll *p, const struct str **out)
{
    int64_t n = tag_list(a, p->titles, out);
    return n < POLL_OPTIONS_MAX ? n : POLL_OPTIONS_MAX;
}

bool poll_is_over(const struct poll *p, int64_t now_ms)
{
    return p->expires_ms <= now_ms;
}

bool poll_shows_totals(const struct poll *p, int64_t now_ms)
{
    return !p->hide_totals || poll_is_over(p, now_ms);
}

uint32_t poll_choices(const struct poll *p, uint32_t mark)
{
    return VOTE_ROUND(mark) == p->round ? VOTE_CHOICES(mark) : 0;
}

static enum err check_options(struct ctx *c, const struct poll_draft *d, struct str *titles)
{
    struct str names[POLL_OPTIONS_MAX];
    if (d->options_n < POLL_OPTIONS_MIN || d->options_n > POLL_OPTIONS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: A poll has %d to %d options", POLL_OPTIONS_MIN,
                    POLL_OPTIONS_MAX);
    for (int64_t i = 0; i < d->options_n; i++) {
        names[i] = str_trim(d->options[i]);
        if (names[i].n == 0 || !str_is_utf8(names[i]))
            return fail(c, ERR_INVALID, "Validation failed: Poll option %lld is empty", (long long)i + 1);
        if (names[i].n > POLL_OPTION_BYTES_MAX || text_graphemes(names[i]) > POLL_OPTION_CHARS_MAX)
            return fail(c, ERR_INVALID, "Validation failed: Poll option %lld is longer than %d characters",
                        (long long)i + 1, POLL_OPTION_CHARS_MAX);
        if (str_among(names, i, names[i]))
            return fail(c, ERR_INVALID, "Validation failed: Poll option %lld stands there twice", (long long)i + 1);
    }
    *titles = tag_json(c->arena, names, d->options_n);
    return OK;
}

enum err poll_compose(struct ctx *c, const struct poll_draft *d, const struct poll *was, struct poll *out)
{
    *out = (struct poll){ .multiple = d->multiple, .hide_totals = d->hide_totals };
    TRY(check_options(c, d, &out->titles));
    if (d->expires_s == 0 && was != NULL)
        out->expires_ms = was->expires_ms;
    else if (d->expires_s < poll_seconds_min(c) || d->expires_s > POLL_SECONDS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: A poll is open for %lld to %d seconds",
                    (long long)poll_seconds_min(c), POLL_SECONDS_MAX);
    else
        out->expires_ms = c->now_ms + d->expires_s * SECOND_MS;
    return OK;
}

static bool same_options(const struct poll *a, const struct poll *b)
{
    return str_eq(a->titles, b->titles) && a->multiple == b->multiple;
}

bool poll_same(const struct poll *a, const struct poll *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return same_options(a, b) && a->hide_totals == b->hide_totals && a->expires_ms == b->expires_ms;
}

static enum err add_end_job(struct ctx *c, const struct poll *p)
{
    struct str payload = arena_strf(c->arena, "%lld:0", (long long)p->expires_ms);
    return store_job_add(c, JOB_POLL_ENDED, p->status_id, payload, p->expires_ms);
}

enum err poll_replace(struct ctx *c, int64_t status_id, const struct poll *was, struct poll *next, int64_t round,
                      bool *kept)
{
    *kept = was == NULL || (next != NULL && same_options(was, next));
    if (!*kept)
        TRY(store_job_add(c, JOB_POLL_RESET, status_id, STR("0"), c->now_ms));
    if (next == NULL)
        return was == NULL ? OK : store_poll_delete(c, status_id);
    next->status_id = status_id;
    next->round = round;
    if (was != NULL && *kept) {
        next->round = was->round;
        next->voters_count = was->voters_count;
        memcpy(next->votes, was->votes, sizeof next->votes);
    }
    TRY(store_poll_put(c, next));
    return was != NULL && was->expires_ms == next->expires_ms ? OK : add_end_job(c, next);
}

enum err poll_get(struct ctx *c, int64_t id, struct poll **out, struct status **of)
{
    *out = NULL;
    TRY(status_see(c, id, of, NULL));
    if (((*of)->parts & PART_POLL) != 0)
        TRY(store_poll_find(c, id, out));
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

static enum err read_choices(struct ctx *c, const struct poll *p, const int64_t *choices, int64_t n, uint32_t *bits)
{
    const struct str *titles = NULL;
    int64_t options = poll_titles(c->arena, p, &titles);
    *bits = 0;
    for (int64_t i = 0; i < n; i++) {
        if (choices[i] < 0 || choices[i] >= options)
            return fail(c, ERR_INVALID, "Validation failed: The chosen option does not exist");
        *bits |= VOTE_BIT(choices[i]);
    }
    if (*bits == 0)
        return fail(c, ERR_INVALID, "Validation failed: Choose an option");
    if (!p->multiple && (*bits & (*bits - 1)) != 0)
        return fail(c, ERR_INVALID, "Validation failed: Only one option can be chosen in this poll");
    return OK;
}

/* The parley's row is locked: an edit that begins a new round, or the deletion, comes before or after. */
static enum err store_vote(struct ctx *c, int64_t id, const int64_t *choices, int64_t n, struct poll **out)
{
    TX tx = { 0 };
    bool exists = false;
    bool added = false;
    uint32_t bits = 0;
    TRY(tx_begin(c, &tx));
    TRY(store_status_lock(c, id, &exists));
    TRY(store_poll_find(c, id, out));
    if (!exists || *out == NULL)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    if (poll_is_over(*out, c->now_ms))
        return fail(c, ERR_INVALID, "Validation failed: The poll has already ended");
    TRY(read_choices(c, *out, choices, n, &bits));
    TRY(store_poll_vote(c, id, c->me->id, bits, (*out)->round, &added));
    if (!added)
        return fail(c, ERR_INVALID, "Validation failed: You have already voted on this poll");
    TRY(store_poll_count(c, id, bits, 1));
    TRY(store_poll_find(c, id, out));
    return tx_commit(&tx);
}

enum err poll_vote(struct ctx *c, int64_t id, const int64_t *choices, int64_t n, struct poll **out, struct status **of)
{
    TRY(member_may_write(c));
    TRY(poll_get(c, id, out, of));
    if ((*of)->account_id == c->me->id)
        return fail(c, ERR_INVALID, "Validation failed: You can't vote in your own polls");
    if ((*of)->standing.kind >= STANDING_HELD)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(store_vote(c, id, choices, n, out));
    feed_status_counted(c->feed, id, FEED_VOTES, 1);
    feed_marked(c->feed, c->me->id, id, FEED_VOTED, true);
    return OK;
}

enum err poll_sweep_step(struct ctx *c, int64_t status_id, int64_t after)
{
    TX tx = { 0 };
    struct poll *p = NULL;
    struct poll_vote votes[POLL_BATCH];
    int64_t old[POLL_BATCH];
    int64_t n = 0;
    int64_t old_n = 0;
    TRY(tx_begin(c, &tx));
    TRY(store_status_lock(c, status_id, NULL));
    TRY(store_poll_find(c, status_id, &p));
    TRY(store_poll_voters(c, status_id, after, POLL_BATCH, votes, &n));
    for (int64_t i = 0; i < n; i++)
        if (p == NULL || votes[i].round != p->round)
            old[old_n++] = votes[i].id;
    TRY(store_poll_votes_delete(c, status_id, old, old_n));
    if (n == POLL_BATCH)
        TRY(store_job_add(c, JOB_POLL_RESET, status_id, id_text(c->arena, votes[n - 1].id), c->now_ms));
    TRY(tx_commit(&tx));
    for (int64_t i = 0; i < old_n; i++)
        feed_marked(c->feed, old[i], status_id, FEED_VOTED, false);
    return OK;
}

enum err poll_sweep_votes(struct ctx *c, int64_t status_id, int64_t *n)
{
    struct poll_vote votes[POLL_BATCH];
    int64_t ids[POLL_BATCH];
    TRY(store_poll_voters(c, status_id, 0, POLL_BATCH, votes, n));
    for (int64_t i = 0; i < *n; i++)
        ids[i] = votes[i].id;
    return store_poll_votes_delete(c, status_id, ids, *n);
}

static enum err withdraw(struct ctx *c, int64_t account_id, const struct poll_vote *v)
{
    TX tx = { 0 };
    struct poll *p = NULL;
    TRY(tx_begin(c, &tx));
    TRY(store_status_lock(c, v->id, NULL));
    TRY(store_poll_find(c, v->id, &p));
    TRY(store_poll_votes_delete(c, v->id, &account_id, 1));
    if (p != NULL && p->round == v->round)
        TRY(store_poll_count(c, v->id, v->choices, -1));
    TRY(tx_commit(&tx));
    feed_status_counted(c->feed, v->id, FEED_VOTES, -1);
    return OK;
}

enum err poll_withdraw_votes(struct ctx *c, int64_t account_id, bool *more)
{
    struct poll_vote votes[POLL_BATCH];
    int64_t n = 0;
    TRY(store_poll_votes_by(c, account_id, POLL_BATCH, votes, &n));
    for (int64_t i = 0; i < n; i++)
        TRY(withdraw(c, account_id, &votes[i]));
    *more = n == POLL_BATCH;
    return OK;
}
