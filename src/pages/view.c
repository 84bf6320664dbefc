/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/view.h"

#include "core/filter.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/card.h"
#include "store/poll.h"
#include "store/quote.h"
#include "store/status.h"

static enum err load_echoed(struct ctx *c, struct status *const *rows, int64_t n, struct status **shown)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    int64_t *at = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status **echoed = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    int64_t m = 0;
    for (int64_t i = 0; i < n; i++) {
        shown[i] = rows[i];
        if (rows[i] == NULL || rows[i]->reblog_of_id == 0)
            continue;
        at[m] = i;
        ids[m++] = rows[i]->reblog_of_id;
    }
    if (m > 0)
        TRY(store_status_load(c, ids, m, echoed));
    for (int64_t i = 0; i < m; i++)
        shown[at[i]] = echoed[i];
    return OK;
}

/* Three for each row: author, echoer, whom it answers. */
static enum err load_people(struct ctx *c, struct status *const *rows, struct status *const *shown, int64_t n,
                            struct view *out)
{
    size_t room = (size_t)n * 3 + 1;
    int64_t *ids = ARENA_ARRAY(c->arena, room, int64_t);
    struct account **people = ARENA_ARRAY(c->arena, room, struct account *);
    for (int64_t i = 0; i < n; i++) {
        if (shown[i] == NULL)
            continue;
        ids[i * 3] = shown[i]->account_id;
        ids[i * 3 + 1] = rows[i] == shown[i] ? 0 : rows[i]->account_id;
        ids[i * 3 + 2] = shown[i]->in_reply_to_account_id;
    }
    if (n > 0)
        TRY(store_account_load(c, ids, n * 3, people));
    for (int64_t i = 0; i < n; i++) {
        if (shown[i] == NULL || people[i * 3] == NULL || (ids[i * 3 + 1] != 0 && people[i * 3 + 1] == NULL))
            continue;
        out[i].status = shown[i];
        out[i].author = people[i * 3];
        out[i].echoer = people[i * 3 + 1];
        out[i].answers = people[i * 3 + 2];
    }
    return OK;
}

static enum err load_polls(struct ctx *c, int64_t n, struct view *out)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct poll **polls = ARENA_ARRAY(c->arena, (size_t)n + 1, struct poll *);
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        bool has = out[i].status != NULL && (out[i].status->parts & PART_POLL) != 0;
        ids[i] = has ? out[i].status->id : 0;
        any = any || has;
    }
    if (any)
        TRY(store_poll_load(c, ids, n, polls));
    for (int64_t i = 0; i < n; i++)
        out[i].poll = polls[i];
    return OK;
}

static enum err load_media(struct ctx *c, int64_t n, struct view *out)
{
    const struct status **shown = ARENA_ARRAY(c->arena, (size_t)n + 1, const struct status *);
    struct attachments *media = ARENA_ARRAY(c->arena, (size_t)n + 1, struct attachments);
    for (int64_t i = 0; i < n; i++)
        shown[i] = out[i].status;
    TRY(attachments_load(c, shown, n, media));
    for (int64_t i = 0; i < n; i++)
        out[i].media = media[i];
    return OK;
}

static enum err load_quoted(struct ctx *c, const int64_t *quoted, const int64_t *authors, int64_t n, struct view *out)
{
    struct status **rows = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    struct account **people = ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *);
    TRY(store_status_load(c, quoted, n, rows));
    TRY(store_account_load(c, authors, n, people));
    for (int64_t i = 0; i < n; i++) {
        out[i].quoted = people[i] == NULL ? NULL : rows[i];
        out[i].quoted_author = people[i];
    }
    return OK;
}

static enum err load_quotes(struct ctx *c, int64_t n, struct view *out)
{
    size_t room = (size_t)n + 1;
    int64_t *ids = ARENA_ARRAY(c->arena, room, int64_t);
    int64_t *authors = ARENA_ARRAY(c->arena, room, int64_t);
    struct quote **quotes = ARENA_ARRAY(c->arena, room, struct quote *);
    enum quote_shown *shown = ARENA_ARRAY(c->arena, room, enum quote_shown);
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        bool has = out[i].status != NULL && (out[i].status->parts & PART_QUOTE) != 0;
        ids[i] = has ? out[i].status->id : 0;
        any = any || has;
    }
    if (!any)
        return OK;
    TRY(store_quote_load(c, ids, n, quotes));
    TRY(quotes_judge(c, (const struct quote *const *)quotes, n, shown));
    for (int64_t i = 0; i < n; i++) {
        bool is_shown = quotes[i] != NULL && quote_is_shown(shown[i]);
        out[i].quote = quotes[i];
        out[i].shown = shown[i];
        ids[i] = is_shown ? quotes[i]->quoted_id : 0;
        authors[i] = is_shown ? quotes[i]->quoted_account_id : 0;
    }
    return load_quoted(c, ids, authors, n, out);
}

static enum err load_cards(struct ctx *c, int64_t n, struct view *out)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct card_row **cards = ARENA_ARRAY(c->arena, (size_t)n + 1, struct card_row *);
    bool any = false;
    for (int64_t i = 0; i < n; i++) {
        bool has = out[i].status != NULL && (out[i].status->parts & PART_LINK) != 0;
        struct str url = has ? card_link(c->arena, out[i].status->text) : (struct str){ 0 };
        ids[i] = url.p == NULL ? 0 : card_id(url);
        any = any || ids[i] != 0;
    }
    if (any)
        TRY(store_card_load(c, ids, n, cards));
    for (int64_t i = 0; i < n; i++)
        if (cards[i] != NULL && cards[i]->json.n > 0)
            card_read(c, cards[i]->json, &out[i].card);
    return OK;
}

static enum err load_marks(struct ctx *c, int64_t n, struct view *out)
{
    struct marks_ask *ask = ARENA_ARRAY(c->arena, (size_t)n + 1, struct marks_ask);
    struct status_marks *marks = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status_marks);
    if (c->me == NULL)
        return OK;
    for (int64_t i = 0; i < n; i++)
        if (out[i].status != NULL)
            ask[i] = (struct marks_ask){ out[i].status->id, out[i].status->thread_id };
    TRY(feed_marks(c, c->me->id, ask, n, marks));
    for (int64_t i = 0; i < n; i++)
        out[i].marks = marks[i];
    return OK;
}

enum err view_load(struct ctx *c, struct status *const *rows, int64_t n, struct view *out)
{
    struct status **shown = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    memset(out, 0, (size_t)n * sizeof *out);
    TRY(load_echoed(c, rows, n, shown));
    TRY(load_people(c, rows, shown, n, out));
    TRY(load_polls(c, n, out));
    TRY(load_media(c, n, out));
    TRY(load_quotes(c, n, out));
    TRY(load_cards(c, n, out));
    return load_marks(c, n, out);
}

enum err view_load_ids(struct ctx *c, const int64_t *ids, int64_t n, struct view *out)
{
    struct status **rows = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    if (n > 0)
        TRY(statuses_see(c, ids, n, rows));
    return view_load(c, rows, n, out);
}

static void judge(struct ctx *c, const struct sieve *s, enum filter_context where, struct view *row)
{
    struct sieve_verdict v;
    struct str text = filter_text(c, row->status, row->poll, &row->media);
    sieve_judge(s, c->arena, text, row->status->id, 0, c->now_ms, &v);
    if ((v.hidden & where) != 0)
        row->status = NULL;
    for (int64_t i = 0; i < v.n; i++) {
        const struct filter *f = v.matches[i].filter;
        if ((f->contexts & where) == 0)
            continue;
        if (f->action == FILTER_WARN && row->filter.n == 0)
            row->filter = arena_str(c->arena, f->title);
        row->blurred = row->blurred || f->action == FILTER_BLUR;
    }
}

enum err view_filter(struct ctx *c, enum filter_context where, struct view *rows, int64_t n)
{
    SIEVE sieve = NULL;
    TRY(filter_sieve(c, &sieve));
    if (sieve_is_empty(sieve))
        return OK;
    for (int64_t i = 0; i < n; i++)
        if (rows[i].status != NULL && rows[i].author->id != c->me->id)
            judge(c, sieve, where, &rows[i]);
    return OK;
}
