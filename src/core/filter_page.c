/* SPDX-License-Identifier: Apache-2.0 */
#include "core/filter.h"
#include "feed/feed.h"
#include "store/poll.h"
#include "store/status.h"

/* What lists leave out, found before the list is shown, so that it can be filled up. */

static bool is_hidden(struct ctx *c, const struct sieve *s, enum filter_context where, struct str match, int64_t id,
                      int64_t echoed_id)
{
    struct sieve_verdict v;
    sieve_judge(s, c->arena, match, id, echoed_id, c->now_ms, &v);
    return (v.hidden & where) != 0;
}

/* *echoed: what the rows echo, or the rows themselves. */
static enum err load_echoed(struct ctx *c, struct status *const *rows, int64_t n, struct status **shown)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        ids[i] = rows[i] == NULL ? 0 : rows[i]->reblog_of_id;
        any = any || ids[i] != 0;
    }
    if (any)
        TRY(store_status_load(c, ids, n, shown));
    for (int64_t i = 0; i < n; i++)
        if (ids[i] == 0)
            shown[i] = rows[i];
    return OK;
}

static enum err judge_rows(struct ctx *c, const struct sieve *s, enum filter_context where, struct status *const *rows,
                           int64_t n, bool *hidden)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status **shown = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    struct poll **polls = ARENA_ARRAY(c->arena, (size_t)n + 1, struct poll *);
    struct attachments *media = ARENA_ARRAY(c->arena, (size_t)n + 1, struct attachments);
    bool any = false;
    TRY(load_echoed(c, rows, n, shown));
    for (int64_t i = 0; i < n; i++) {
        ids[i] = shown[i] != NULL && (shown[i]->parts & PART_POLL) != 0 ? shown[i]->id : 0;
        any = any || ids[i] != 0;
    }
    if (any)
        TRY(store_poll_load(c, ids, n, polls));
    TRY(attachments_load(c, (const struct status *const *)shown, n, media));
    for (int64_t i = 0; i < n; i++)
        if (shown[i] != NULL && rows[i]->account_id != c->me->id)
            hidden[i] = is_hidden(c, s, where, filter_text(c, shown[i], polls[i], &media[i]), rows[i]->id,
                                  rows[i]->reblog_of_id);
    return OK;
}

enum err filter_hides(struct ctx *c, enum filter_context where, struct status *const *rows, int64_t n, bool *hidden)
{
    SIEVE sieve = NULL;
    memset(hidden, 0, (size_t)n * sizeof *hidden);
    if (where == FILTER_NOWHERE)
        return OK;
    TRY(filter_sieve(c, &sieve));
    return sieve_hides(sieve, where) ? judge_rows(c, sieve, where, rows, n, hidden) : OK;
}

/* False: it, or what it echoes, is not rendered in memory. */
static bool judge_rendered(struct ctx *c, const struct sieve *s, enum filter_context where, int64_t id, bool *hidden)
{
    const struct rendered *r = NULL;
    const struct rendered *echoed = NULL;
    uint64_t ticket = 0;
    feed_rendered_status(c->feed, id, &r, &ticket);
    if (r != NULL && r->reblog_of_id != 0)
        feed_rendered_status(c->feed, r->reblog_of_id, &echoed, &ticket);
    bool known = r != NULL && (r->reblog_of_id == 0 || echoed != NULL);
    if (known && r->account_id != c->me->id)
        *hidden = is_hidden(c, s, where, echoed != NULL ? echoed->match : r->match, id, r->reblog_of_id);
    if (echoed != NULL)
        feed_rendered_release(c->feed, &echoed);
    if (r != NULL)
        feed_rendered_release(c->feed, &r);
    return known;
}

enum err filter_hides_ids(struct ctx *c, enum filter_context where, const int64_t *ids, int64_t n, bool *hidden)
{
    SIEVE sieve = NULL;
    bool known = true;
    memset(hidden, 0, (size_t)n * sizeof *hidden);
    TRY(filter_sieve(c, &sieve));
    if (!sieve_hides(sieve, where))
        return OK;
    for (int64_t i = 0; i < n && known; i++)
        known = judge_rendered(c, sieve, where, ids[i], &hidden[i]);
    if (known)
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    struct status **rows = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    TRY(store_status_load(c, ids, n, rows));
    return judge_rows(c, sieve, where, rows, n, hidden);
}
