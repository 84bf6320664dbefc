/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/id.h"
#include "core/search.h"
#include "core/search_query.h"
#include "core/visible.h"
#include "core/words.h"
#include "feed/feed.h"
#include "store/page.h"
#include "store/search.h"
#include "store/status.h"

/* Parleys that match, in three steps, each cheaper for each than the next: the index walks them from the newest on;
   what it tells of each and what memory knows of the reader leaves out what they cannot find; those that stand on the
   page are judged, out of memory where that has them. */

#define READ_MIN 32 /* candidates */

struct walk {
    const struct search_query *query;
    struct search_match match;
    struct page page; /* where the index goes on */
    int64_t asked;    /* words in the query */
    int64_t met;
    bool ended;
    struct chosen *chosen;
    int64_t n;
};
/* One that may be found, unless the judge says no. */
struct chosen {
    int64_t id;
    int64_t rank_ms;
};

/* --- what is asked of the index --- */

/* False: nothing is. */
static bool make_match(struct ctx *c, const struct search_query *q, struct search_match *m)
{
    struct arena *a = c->arena;
    struct str wanted = search_fts5_query(a, q->words);
    struct str excluded = search_fts5_excluded(a, q->words);
    struct str marks = search_marks_fts5(a, q);
    if (wanted.p == NULL && !q->has_operators && !search_asks_marks(q))
        return false;
    m->words = wanted.p != NULL ? search_tsquery(a, q->words) : search_tsquery_excluded(a, q->words);
    m->marks = search_marks_tsquery(a, q);
    if (wanted.p != NULL && !search_asks_marks(q))
        m->fts5 = arena_strf(a, "words : (" STR_FMT ")", STR_ARG(wanted));
    else if (wanted.p != NULL)
        m->fts5 = arena_strf(a, "words : (" STR_FMT ") AND marks : (" STR_FMT ")", STR_ARG(wanted), STR_ARG(marks));
    else if (excluded.p != NULL)
        m->fts5 = arena_strf(a, "marks : (" STR_FMT ") NOT words : (" STR_FMT ")", STR_ARG(marks), STR_ARG(excluded));
    else
        m->fts5 = arena_strf(a, "marks : (" STR_FMT ")", STR_ARG(marks));
    return true;
}

static struct page bounded(const struct page *p, const struct search_query *q)
{
    struct page b = *p;
    int64_t below = q->until_ms > ID_OLD_FROM_MS ? id_floor_dated(q->until_ms) : q->until_ms != 0;
    int64_t above = q->since_ms > ID_OLD_FROM_MS ? id_floor_dated(q->since_ms) - 1 : 0;
    if (below != 0 && (b.max_id == 0 || below < b.max_id))
        b.max_id = below;
    if (page_ascends(&b) && above > b.min_id)
        b.min_id = above;
    else if (above > b.since_id)
        b.since_id = above;
    return b;
}

/* --- who may find what --- */

static bool names_me(const struct ctx *c, const struct search_hit *h)
{
    size_t at = 0;
    return h->names.n > 0 && str_find(h->names, arena_strf(c->arena, ",%lld,", (long long)c->me->id), &at);
}

static bool is_marked(const struct status_marks *m)
{
    return m->favourited || m->reblogged || m->bookmarked;
}

/* By what one is to it. `open`: strangers may find it. */
static bool is_in_scope(enum search_scope scope, bool open, bool own, bool touched, bool followed)
{
    switch (scope) {
    case SEARCH_IN_PUBLIC: return open;
    case SEARCH_IN_LIBRARY: return own || touched;
    case SEARCH_IN_ALL: break;
    }
    return open || own || touched || followed;
}

static int64_t rank_of(const struct walk *w, const struct search_hit *h, bool known)
{
    int64_t length = h->length > w->asked ? h->length : w->asked;
    return id_ms(h->id) + (known ? SEARCH_RANK_KNOWN_MS : 0)
           + (length > 0 ? SEARCH_RANK_DENSE_MS * w->asked / length : 0);
}

static enum err load_marks(struct ctx *c, const int64_t *ids, int64_t n, struct status_marks *out)
{
    struct marks_ask *asks = ARENA_ARRAY(c->arena, (size_t)n + 1, struct marks_ask);
    for (int64_t i = 0; i < n; i++)
        asks[i] = (struct marks_ask){ .id = ids[i], .thread_id = ids[i] };
    return c->me == NULL ? OK : feed_marks(c, c->me->id, asks, n, out);
}

static enum err choose(struct ctx *c, struct walk *w, const struct search_hit *hits, int64_t n)
{
    enum search_scope scope = w->query->scope;
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status_marks *marks = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status_marks);
    for (int64_t i = 0; i < n; i++)
        ids[i] = scope == SEARCH_IN_PUBLIC || (hits[i].is_open && scope == SEARCH_IN_ALL) ? 0 : hits[i].id;
    TRY(load_marks(c, ids, n, marks));
    for (int64_t i = 0; i < n; i++) {
        const struct search_hit *h = &hits[i];
        bool own = c->me != NULL && c->me->id == h->author;
        bool touched = c->me != NULL && (is_marked(&marks[i]) || names_me(c, h));
        bool followed = false;
        if (c->me != NULL && !own)
            TRY(feed_follows(c, c->me->id, h->author, &followed));
        if (is_in_scope(scope, h->is_open, own, touched, followed))
            w->chosen[w->n++] = (struct chosen){ .id = h->id, .rank_ms = rank_of(w, h, own || followed) };
    }
    return OK;
}

/* --- the walk --- */

/* As many candidates as are likely to be enough: by how many of those met were chosen, half at first. */
static int64_t read_next(const struct walk *w, int64_t want)
{
    int64_t n = (want - w->n) * (w->met + 2) / (w->n + 1) * 5 / 4;
    if (n < READ_MIN)
        return READ_MIN;
    return n < SEARCH_CANDIDATES_MAX ? n : SEARCH_CANDIDATES_MAX;
}

/* Goes on until `want` are chosen, or there is no more to meet. */
static enum err walk_to(struct ctx *c, struct walk *w, int64_t want)
{
    struct search_hit *hits = ARENA_ARRAY(c->arena, SEARCH_CANDIDATES_MAX, struct search_hit);
    while (w->n < want && !w->ended) {
        int64_t n = 0;
        int64_t room = SEARCH_MET_MAX - w->met;
        w->page.limit = room < SEARCH_CANDIDATES_MAX ? room : read_next(w, want);
        TRY(store_search_statuses(c, &w->match, &w->page, hits, &n));
        TRY(choose(c, w, hits, n));
        w->met += n;
        w->ended = n < w->page.limit || w->met >= SEARCH_MET_MAX;
        if (n > 0 && page_ascends(&w->page))
            w->page.min_id = hits[n - 1].id;
        else if (n > 0)
            w->page.max_id = hits[n - 1].id;
    }
    return OK;
}

static int by_rank(const void *x, const void *y)
{
    const struct chosen *a = x;
    const struct chosen *b = y;
    if (a->rank_ms != b->rank_ms)
        return a->rank_ms > b->rank_ms ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

/* --- the judge --- */

struct cases {
    int64_t n;
    struct status **s; /* NULL: not to be seen */
    struct account **authors;
    struct bond *bonds;
};

/* Those that memory does not have are read. */
static enum err load_cold(struct ctx *c, struct cases *k, const int64_t *ids)
{
    struct status **rows = ARENA_ARRAY(c->arena, (size_t)k->n + 1, struct status *);
    struct account **authors = NULL;
    TRY(store_status_load(c, ids, k->n, rows));
    TRY(statuses_filter(c, rows, k->n, VISIBLE_PAGE, &authors));
    for (int64_t i = 0; i < k->n; i++) {
        if (rows[i] == NULL)
            continue;
        k->s[i] = rows[i];
        k->authors[i] = authors[i];
        if (c->me != NULL)
            TRY(feed_follows(c, c->me->id, rows[i]->account_id, &k->bonds[i].follows));
    }
    return OK;
}

static enum err load_cases(struct ctx *c, struct cases *k, const struct chosen *chosen)
{
    int64_t *cold = ARENA_ARRAY(c->arena, (size_t)k->n + 1, int64_t);
    bool any_cold = false;
    for (int64_t i = 0; i < k->n; i++) {
        struct status *s = ARENA_NEW(c->arena, struct status);
        enum err e = status_case_rendered(c, chosen[i].id, s, &k->authors[i], &k->bonds[i]);
        if (e != OK && e != ERR_COLD && e != ERR_NOT_FOUND)
            return e;
        if (e == ERR_COLD) {
            cold[i] = chosen[i].id;
            any_cold = true;
        }
        bool own = c->me != NULL && c->me->id == s->account_id;
        if (e == OK && status_visible(c->me, s, k->authors[i], &k->bonds[i]) && (own || !k->bonds[i].mutes))
            k->s[i] = s;
    }
    return any_cold ? load_cold(c, k, cold) : OK;
}

static bool is_findable(const struct ctx *c, enum search_scope scope, const struct cases *k, int64_t i,
                        const struct status_marks *m)
{
    const struct status *s = k->s[i];
    size_t at = 0;
    bool own = c->me != NULL && c->me->id == s->account_id;
    if (s->standing.kind >= STANDING_REMOVED || (s->standing.kind >= STANDING_LIMITED && !own))
        return false;
    bool open = k->authors[i]->indexable && status_listed(s, k->authors[i]);
    bool named =
        c->me != NULL && str_find(s->mentions, arena_strf(c->arena, "\"id\":\"%lld\"", (long long)c->me->id), &at);
    return is_in_scope(scope, open, own, named || is_marked(m), k->bonds[i].follows);
}

/* Sets the ids of those that c->me may not find to 0. */
static enum err judge(struct ctx *c, const struct walk *w, struct chosen *chosen, int64_t n)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct status_marks *marks = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status_marks);
    struct cases k = {
        .n = n,
        .s = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *),
        .authors = ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *),
        .bonds = ARENA_ARRAY(c->arena, (size_t)n + 1, struct bond),
    };
    for (int64_t i = 0; i < n; i++)
        ids[i] = chosen[i].id;
    TRY(load_cases(c, &k, chosen));
    TRY(load_marks(c, ids, n, marks));
    for (int64_t i = 0; i < n; i++)
        if (k.s[i] == NULL || !is_findable(c, w->query->scope, &k, i, &marks[i]))
            chosen[i].id = 0;
    return OK;
}

/* The page: what was chosen in its order, what may not be found left out before offset and limit count. */
static enum err fill(struct ctx *c, struct walk *w, const struct page *p, struct search_found *out)
{
    int64_t skip = p->offset;
    for (int64_t at = 0; out->statuses_n < p->limit;) {
        if (at == w->n)
            TRY(walk_to(c, w, w->n + p->limit));
        int64_t n = w->n - at < p->limit ? w->n - at : p->limit;
        if (n == 0)
            return OK;
        TRY(judge(c, w, w->chosen + at, n));
        for (int64_t end = at + n; at < end && out->statuses_n < p->limit; at++) {
            if (w->chosen[at].id == 0)
                continue;
            if (skip > 0)
                skip--;
            else
                out->statuses[out->statuses_n++] = w->chosen[at].id;
        }
    }
    return OK;
}

enum err search_find_statuses(struct ctx *c, const struct search_ask *ask, struct search_query *q,
                              struct search_found *out)
{
    const struct page *p = &ask->page;
    bool ranked = !ask->newest_first && p->max_id == 0 && p->since_id == 0 && p->min_id == 0;
    struct walk w = { .query = q,
                      .page = bounded(p, q),
                      .asked = search_length(search_index_text(c->arena, q->words)),
                      .chosen = ARENA_ARRAY(c->arena, SEARCH_MET_MAX, struct chosen) };
    out->statuses = ARENA_ARRAY(c->arena, (size_t)p->limit + 1, int64_t);
    if (!make_match(c, q, &w.match))
        return OK;
    if (ranked) {
        TRY(walk_to(c, &w, SEARCH_RANKED_MAX));
        qsort(w.chosen, (size_t)(w.n < SEARCH_RANKED_MAX ? w.n : SEARCH_RANKED_MAX), sizeof *w.chosen, by_rank);
    }
    TRY(fill(c, &w, p, out));
    page_turn(out->statuses, out->statuses_n, sizeof *out->statuses, p);
    return OK;
}
