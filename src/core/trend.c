/* SPDX-License-Identifier: Apache-2.0 */
#include "core/trend.h"

#include <stdlib.h>

#include "core/card.h"
#include "core/filter.h"
#include "core/mention.h"
#include "feed/feed.h"
#include "feed/trends.h"
#include "model/site.h"
#include "store/account.h"
#include "store/card.h"
#include "store/status.h"
#include "store/tag.h"
#include "store/trend.h"

bool trend_may_write(const struct account *a)
{
    return a->active && a->discoverable && a->deletion_ms == 0 && a->domain.p == NULL
           && a->standing.kind == STANDING_NORMAL;
}

/* --- counting --- */

static bool is_open(const struct status *s)
{
    return s->visibility == VIS_PUBLIC && s->reblog_of_id == 0 && s->standing.kind == STANDING_NORMAL;
}

/* The tags and the link of a parley. */
struct things {
    const struct str *tags;
    int64_t tags_n;
    struct str link; /* p == NULL: none */
};

static struct things things_of(struct ctx *c, const struct status *s)
{
    struct things t = { 0 };
    if (s->tags.n > 2)
        t.tags_n = tag_list(c->arena, s->tags, &t.tags);
    if ((s->parts & PART_LINK) != 0)
        t.link = card_link(c->arena, s->text);
    return t;
}

static bool holds(const struct things *t, struct str tag)
{
    for (int64_t i = 0; i < t->tags_n; i++)
        if (str_eq(t->tags[i], tag))
            return true;
    return false;
}

typedef void tell_fn(struct trends *t, const struct trend_use *u);

/* Of what stands in `these` all that does not stand in `those`. */
static void tell(struct ctx *c, const struct status *s, int64_t at_ms, const struct things *these,
                 const struct things *those, tell_fn *fn)
{
    struct trend_use u = { .kind = TREND_TAG, .person = s->account_id, .status_id = s->id, .at_ms = at_ms };
    for (int64_t i = 0; i < these->tags_n; i++) {
        u.name = these->tags[i];
        if (!holds(those, u.name))
            fn(feed_trends(c->feed), &u);
    }
    u.kind = TREND_LINK;
    u.name = these->link;
    if (u.name.p != NULL && !str_eq(u.name, those->link))
        fn(feed_trends(c->feed), &u);
}

void trend_published(struct ctx *c, const struct status *s)
{
    if (!is_open(s) || !trend_may_write(c->me))
        return;
    struct things now = things_of(c, s);
    tell(c, s, c->now_ms, &now, &(struct things){ 0 }, trends_count);
}

void trend_edited(struct ctx *c, const struct status *was, const struct status *now)
{
    struct things before = things_of(c, was);
    struct things after = things_of(c, now);
    tell(c, was, was->created_ms, &before, &after, trends_uncount);
    if (is_open(now) && trend_may_write(c->me))
        tell(c, now, c->now_ms, &after, &before, trends_count);
}

void trend_removed(struct ctx *c, const struct status *s)
{
    struct things was = things_of(c, s);
    if (s->visibility != VIS_PUBLIC || s->reblog_of_id != 0)
        return;
    tell(c, s, s->created_ms, &was, &(struct things){ 0 }, trends_uncount);
    trends_drop(feed_trends(c->feed), TREND_STATUS, s->id, (struct str){ 0 });
}

static bool may_trend(const struct status *s)
{
    return is_open(s) && !s->sensitive && s->spoiler.n == 0 && s->in_reply_to_account_id == 0 && s->uri.p == NULL;
}

/* What it is is asked when it is shown. */
void trend_reacted(struct ctx *c, int64_t status_id, int64_t author_id)
{
    if (c->me->id != author_id && trend_may_write(c->me))
        trends_count(
            feed_trends(c->feed),
            &(struct trend_use){ .kind = TREND_STATUS, .id = status_id, .person = c->me->id, .at_ms = c->now_ms });
}

void trend_followed(struct ctx *c, int64_t follower_id, int64_t target_id)
{
    trends_count(
        feed_trends(c->feed),
        &(struct trend_use){ .kind = TREND_ACCOUNT, .id = target_id, .person = follower_id, .at_ms = c->now_ms });
}

void trend_account_gone(struct ctx *c, int64_t account_id)
{
    trends_drop(feed_trends(c->feed), TREND_ACCOUNT, account_id, (struct str){ 0 });
}

/* --- what may be shown --- */

static enum err load_verdicts(struct ctx *c, enum trend_kind kind, const struct trend *rows, int64_t n,
                              struct trend_case *out)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    enum trend_verdict *verdicts = ARENA_ARRAY(c->arena, (size_t)n + 1, enum trend_verdict);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].name.p != NULL ? card_id(rows[i].name) : rows[i].id;
    TRY(store_trend_reviews(c, kind, ids, n, verdicts));
    for (int64_t i = 0; i < n; i++)
        out[i] = (struct trend_case){ .trend = rows[i], .verdict = verdicts[i] };
    return OK;
}

static enum err load_accounts(struct ctx *c, const int64_t *ids, int64_t n, struct trend_case *all)
{
    struct account **people = ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *);
    TRY(store_account_load(c, ids, n, people));
    for (int64_t i = 0; i < n; i++)
        all[i].account = people[i] != NULL && trend_may_write(people[i]) ? people[i] : NULL;
    return OK;
}

static enum err load_parleys(struct ctx *c, int64_t n, struct trend_case *all)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status **rows = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    enum trend_verdict *authors = ARENA_ARRAY(c->arena, (size_t)n + 1, enum trend_verdict);
    for (int64_t i = 0; i < n; i++)
        ids[i] = all[i].trend.id;
    TRY(store_status_load(c, ids, n, rows));
    for (int64_t i = 0; i < n; i++) {
        all[i].status = rows[i] != NULL && may_trend(rows[i]) ? rows[i] : NULL;
        ids[i] = rows[i] == NULL ? 0 : rows[i]->account_id;
    }
    TRY(store_trend_reviews(c, TREND_ACCOUNT, ids, n, authors));
    for (int64_t i = 0; i < n; i++)
        all[i].author = authors[i];
    return load_accounts(c, ids, n, all);
}

/* Links whose page says nothing of itself are no news. */
static enum err drop_bare_links(struct ctx *c, int64_t n, struct trend_case *all)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct card_row **cards = ARENA_ARRAY(c->arena, (size_t)n + 1, struct card_row *);
    for (int64_t i = 0; i < n; i++)
        ids[i] = card_id(all[i].trend.name);
    TRY(store_card_load(c, ids, n, cards));
    for (int64_t i = 0; i < n; i++)
        if (cards[i] == NULL || cards[i]->json.n == 0)
            all[i].trend.name = (struct str){ 0 };
    return OK;
}

static bool is_there(enum trend_kind kind, const struct trend_case *t)
{
    switch (kind) {
    case TREND_TAG:
    case TREND_LINK: return t->trend.name.p != NULL;
    case TREND_STATUS: return t->status != NULL && t->account != NULL;
    case TREND_ACCOUNT: return t->account != NULL;
    case TREND_KINDS: break;
    }
    return false;
}

enum err trend_sift(struct ctx *c, enum trend_kind kind, const struct trend *rows, int64_t n, struct trend_case **out,
                    int64_t *out_n)
{
    struct trend_case *all = ARENA_ARRAY(c->arena, (size_t)n + 1, struct trend_case);
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    TRY(load_verdicts(c, kind, rows, n, all));
    if (kind == TREND_LINK)
        TRY(drop_bare_links(c, n, all));
    if (kind == TREND_STATUS)
        TRY(load_parleys(c, n, all));
    if (kind == TREND_ACCOUNT)
        TRY(load_accounts(c, ids, n, all));
    *out = all;
    *out_n = 0;
    for (int64_t i = 0; i < n; i++)
        if (is_there(kind, &all[i]))
            all[(*out_n)++] = all[i];
    return OK;
}

/* People are found as ever; only the rejected are not offered. */
static bool is_shown(const struct ctx *c, enum trend_kind kind, const struct trend_case *t)
{
    if (t->verdict == TREND_REJECTED || t->author == TREND_REJECTED)
        return false;
    bool approved = t->verdict == TREND_APPROVED || t->author == TREND_APPROVED;
    return kind == TREND_ACCOUNT || c->site->trends == TRENDS_OPEN || approved;
}

static enum err make_list(struct ctx *c, enum trend_kind kind, struct trend **out, int64_t *n)
{
    struct trend *top = NULL;
    struct trend_case *all = NULL;
    int64_t all_n = 0;
    trends_top(feed_trends(c->feed), kind, c->now_ms, c->arena, &top, &all_n);
    TRY(trend_sift(c, kind, top, all_n, &all, &all_n));
    *out = ARENA_ARRAY(c->arena, (size_t)all_n + 1, struct trend);
    *n = 0;
    for (int64_t i = 0; i < all_n; i++)
        if (is_shown(c, kind, &all[i]))
            (*out)[(*n)++] = all[i].trend;
    return OK;
}

/* The same for everybody, made once a second at most. */
static enum err whole_list(struct ctx *c, enum trend_kind kind, struct trend **out, int64_t *n)
{
    uint64_t as_of = 0;
    *n = 0;
    if (c->site->trends == TRENDS_OFF && kind != TREND_ACCOUNT)
        return OK;
    if (trends_shown(feed_trends(c->feed), kind, c->now_ms, c->arena, out, n, &as_of))
        return OK;
    TRY(make_list(c, kind, out, n));
    trends_show(feed_trends(c->feed), kind, c->now_ms, as_of, *out, *n);
    return OK;
}

static enum err page_of(struct ctx *c, enum trend_kind kind, const struct page *ask, struct trend **out, int64_t *n,
                        bool *more)
{
    int64_t all = 0;
    TRY(whole_list(c, kind, out, &all));
    int64_t from = ask->offset < all ? ask->offset : all;
    if (all > 0)
        *out += from;
    *n = all - from < ask->limit ? all - from : ask->limit;
    *more = from + *n < all;
    return OK;
}

/* c->me's filters hide it in public lists. */
static bool is_filtered(struct ctx *c, const struct sieve *sieve, struct str text)
{
    struct sieve_verdict v = { 0 };
    if (sieve_is_empty(sieve))
        return false;
    sieve_judge(sieve, c->arena, filter_spelling(c->arena, text), 0, 0, c->now_ms, &v);
    return (v.hidden & FILTER_PUBLIC) != 0;
}

enum err trend_tags(struct ctx *c, const struct page *ask, struct tag_info **out, int64_t *n, bool *more)
{
    SIEVE sieve = NULL;
    struct trend *rows = NULL;
    int64_t rows_n = 0;
    TRY(page_of(c, TREND_TAG, ask, &rows, &rows_n, more));
    TRY(filter_sieve(c, &sieve));
    *out = ARENA_ARRAY(c->arena, (size_t)rows_n + 1, struct tag_info);
    *n = 0;
    for (int64_t i = 0; i < rows_n; i++) {
        if (is_filtered(c, sieve, arena_strf(c->arena, "#" STR_FMT, STR_ARG(rows[i].name))))
            continue;
        struct tag_info *t = &(*out)[(*n)++];
        *t = (struct tag_info){ .name = rows[i].name };
        TRY(store_tag_find(c, t->name, &t->id));
        for (int d = 0; d < TAG_DAYS; d++)
            t->days[d] = (struct tag_day){ tag_day_ms(c, d), rows[i].days[d].uses, rows[i].days[d].people };
    }
    return OK;
}

enum err trend_links(struct ctx *c, const struct page *ask, struct trend_link **out, int64_t *n, bool *more)
{
    SIEVE sieve = NULL;
    struct trend *rows = NULL;
    int64_t rows_n = 0;
    TRY(page_of(c, TREND_LINK, ask, &rows, &rows_n, more));
    TRY(filter_sieve(c, &sieve));
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)rows_n + 1, int64_t);
    struct card_row **cards = ARENA_ARRAY(c->arena, (size_t)rows_n + 1, struct card_row *);
    for (int64_t i = 0; i < rows_n; i++)
        ids[i] = card_id(rows[i].name);
    TRY(store_card_load(c, ids, rows_n, cards));
    *out = ARENA_ARRAY(c->arena, (size_t)rows_n + 1, struct trend_link);
    *n = 0;
    for (int64_t i = 0; i < rows_n; i++) {
        struct card card = { 0 };
        if (cards[i] == NULL || cards[i]->json.n == 0)
            continue;
        card_read(c, cards[i]->json, &card);
        if (is_filtered(c, sieve,
                        arena_strf(c->arena, STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(card.title),
                                   STR_ARG(card.description), STR_ARG(rows[i].name))))
            continue;
        struct trend_link *l = &(*out)[(*n)++];
        *l = (struct trend_link){ .url = rows[i].name, .card = card };
        memcpy(l->days, rows[i].days, sizeof l->days);
    }
    return OK;
}

enum err trend_statuses(struct ctx *c, const struct page *ask, struct status ***out, int64_t *n, bool *more)
{
    struct trend *rows = NULL;
    int64_t rows_n = 0;
    TRY(page_of(c, TREND_STATUS, ask, &rows, &rows_n, more));
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)rows_n + 1, int64_t);
    *out = ARENA_ARRAY(c->arena, (size_t)rows_n + 1, struct status *);
    for (int64_t i = 0; i < rows_n; i++)
        ids[i] = rows[i].id;
    TRY(store_status_load(c, ids, rows_n, *out));
    TRY(statuses_filter(c, *out, rows_n, VISIBLE_PUBLIC, NULL));
    *n = 0;
    for (int64_t i = 0; i < rows_n; i++)
        if ((*out)[i] != NULL)
            (*out)[(*n)++] = (*out)[i];
    return OK;
}

enum err trend_accounts(struct ctx *c, int64_t **out, int64_t *n)
{
    struct trend *rows = NULL;
    TRY(whole_list(c, TREND_ACCOUNT, &rows, n));
    *out = ARENA_ARRAY(c->arena, (size_t)*n + 1, int64_t);
    for (int64_t i = 0; i < *n; i++)
        (*out)[i] = rows[i].id;
    return OK;
}

static bool has_link(struct ctx *c, const void *what, const struct status *s)
{
    const struct trend *t = what;
    return (s->parts & PART_LINK) != 0 && str_eq(card_link(c->arena, s->text), t->name);
}

/* The part of the list that the page asks for. */
static enum err with_link(struct ctx *c, const void *what, const struct page *p, struct page_row **out, int64_t *n)
{
    const struct trend *t = what;
    int64_t floor = p->min_id > p->since_id ? p->min_id : p->since_id;
    int64_t found = 0;
    *out = ARENA_ARRAY(c->arena, TREND_LINK_PARLEYS, struct page_row);
    for (int64_t i = 0; i < t->statuses_n; i++)
        if (t->statuses[i] > floor && (p->max_id == 0 || t->statuses[i] < p->max_id))
            (*out)[found++] = (struct page_row){ .row_id = t->statuses[i], .id = t->statuses[i] };
    if (p->min_id != 0 && found > p->limit)
        *out += found - p->limit;
    *n = found < p->limit ? found : p->limit;
    return OK;
}

static int newest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x < y) - (x > y);
}

enum err trend_link_timeline(struct ctx *c, struct str url, const struct page *p, struct status_page *out)
{
    struct trend *rows = NULL;
    int64_t n = 0;
    TRY(whole_list(c, TREND_LINK, &rows, &n));
    for (int64_t i = 0; i < n; i++) {
        if (!str_eq(rows[i].name, url))
            continue;
        struct trend now = rows[i];
        (void)trends_find(feed_trends(c->feed), TREND_LINK, 0, url, c->now_ms, c->arena, &now);
        qsort(now.statuses, (size_t)now.statuses_n, sizeof *now.statuses, newest_first);
        return status_page_fill(c, with_link, has_link, &now, VISIBLE_PUBLIC, FILTER_PUBLIC, p, out);
    }
    return fail(c, ERR_NOT_FOUND, "Record not found");
}

/* --- kept --- */

enum err trend_load(struct ctx *c)
{
    for (int kind = 0; kind < TREND_KINDS; kind++) {
        struct str json = { 0 };
        TRY(store_trend_load(c, (enum trend_kind)kind, &json));
        trends_read(feed_trends(c->feed), (enum trend_kind)kind, json);
    }
    return OK;
}

enum err trend_save(struct ctx *c)
{
    for (int kind = 0; kind < TREND_KINDS; kind++)
        TRY(store_trend_save(c, (enum trend_kind)kind,
                             trends_write(feed_trends(c->feed), (enum trend_kind)kind, c->now_ms, c->arena)));
    return OK;
}
