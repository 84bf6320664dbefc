/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "feed/inside.h"
#include "feed/timeline.h"
#include "store/account.h"
#include "store/app.h"
#include "store/follow.h"
#include "store/list.h"
#include "store/session.h"

/* What the feed is asked: from memory where it knows, otherwise from the store, with the same answer. */

#define TRIES 5

/* A page that somebody asks for. */
struct asked {
    enum { ASKED_HOME, ASKED_TAGS, ASKED_LIST, ASKED_LOCAL } what;
    bool only_media;   /* of local */
    int64_t reader_id; /* 0: nobody */
    int64_t list_id;
    struct list *list; /* its row, where the store answers */
    struct page p;
};

static enum err page_of_store(struct ctx *c, const struct asked *a, const struct page *p, int64_t *ids, int64_t *n)
{
    switch (a->what) {
    case ASKED_HOME: return store_feed_home(c, a->reader_id, p, ids, n);
    case ASKED_TAGS: return store_feed_tagged(c, a->reader_id, p, ids, n);
    case ASKED_LIST: return store_feed_list(c, a->list, p, ids, n);
    case ASKED_LOCAL: return store_feed_local(c, a->reader_id, p, a->only_media, ids, n);
    }
    return OK;
}

/* The newest page out of the store, looking back further until it is full: an author's index need not be read to its
 * end. */
static enum err from_store(struct ctx *c, struct asked *a, int64_t *ids, int64_t *n)
{
    static const int64_t spans[] = { DAY_MS, 8 * DAY_MS, 64 * DAY_MS, 0 };
    const struct page *p = &a->p;
    int64_t top_ms = p->max_id == 0 || id_ms(p->max_id) > c->now_ms ? c->now_ms : id_ms(p->max_id);
    if (a->what == ASKED_LIST)
        TRY(store_list_find(c, a->reader_id, a->list_id, &a->list));
    if (a->what == ASKED_LIST && a->list == NULL)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    (void)__atomic_add_fetch(&c->feed->misses, 1, __ATOMIC_RELAXED);
    for (size_t i = p->min_id != 0 ? sizeof spans / sizeof spans[0] - 1 : 0; i < sizeof spans / sizeof spans[0]; i++) {
        struct page part = *p;
        int64_t floor = spans[i] == 0 ? 0 : id_floor(top_ms - spans[i]);
        if (floor > part.since_id && part.min_id == 0)
            part.since_id = floor;
        TRY(page_of_store(c, a, &part, ids, n));
        if (*n == p->limit || part.since_id == p->since_id)
            break;
    }
    return OK;
}

enum looked { LOOKED_TOOK, LOOKED_READER, LOOKED_NOTHING, LOOKED_NOT_READY };

static unsigned parts_of(const struct asked *a)
{
    return a->what == ASKED_LOCAL ? READER_HIDES : READER_FOLLOWS | READER_HIDES;
}

/* One try under the lock. */
static enum looked look(struct ctx *c, const struct asked *a, struct page_out *out, enum took *took)
{
    struct graph *g = &c->feed->graph;
    const struct reader_list *l = NULL;
    READING(&g->lock);
    if (g->stage != GRAPH_READY)
        return LOOKED_NOT_READY;
    struct reader *r = a->reader_id == 0 ? NULL : reader_find(&g->readers, a->reader_id);
    if (a->reader_id != 0 && (r == NULL || (r->parts & parts_of(a)) != parts_of(a)))
        return LOOKED_READER;
    switch (a->what) {
    case ASKED_TAGS: return LOOKED_NOT_READY;
    case ASKED_HOME: *took = timeline_home(&g->authors, r, &a->p, c->now_ms, out); break;
    case ASKED_LIST:
        l = reader_list_find(r, a->list_id);
        if (l == NULL)
            return LOOKED_NOTHING;
        *took = timeline_list(&g->authors, r, l, &a->p, c->now_ms, out);
        break;
    case ASKED_LOCAL: *took = timeline_local(&g->authors, &g->ring, r, &a->p, a->only_media, c->now_ms, out); break;
    }
    return LOOKED_TOOK;
}

/* After a try that was not enough: what it lacked is read. False in *again: the store shall answer. */
static enum err fetch(struct ctx *c, const struct asked *a, enum looked looked, enum took took,
                      const struct page_out *out, bool *again)
{
    *again = true;
    if (looked == LOOKED_READER)
        return reading_want(c, a->reader_id, parts_of(a), again);
    if (took == TOOK_ASK)
        return reading_standing(c, out->who);
    *again = false;
    return a->what == ASKED_LOCAL ? OK : reading_deeper(c, a->reader_id, a->list_id, out->lowest, again);
}

static enum err page_of(struct ctx *c, struct asked *a, int64_t **ids, int64_t *n)
{
    struct page_out out;
    a->p.limit = a->p.limit < 1 ? 1 : a->p.limit > FEED_PAGE_MAX ? FEED_PAGE_MAX : a->p.limit;
    bool again = c->feed->options.budget > 0;
    for (int i = 0; i < TRIES && again; i++) {
        enum took took = TOOK_PART;
        enum looked looked = look(c, a, &out, &took);
        if (looked == LOOKED_NOT_READY)
            break;
        if (looked == LOOKED_NOTHING)
            return fail(c, ERR_NOT_FOUND, "Record not found");
        if (looked == LOOKED_TOOK && took == TOOK_ALL) {
            *ids = ARENA_ARRAY(c->arena, (size_t)out.n + 1, int64_t);
            memcpy(*ids, out.ids, (size_t)out.n * sizeof **ids);
            *n = out.n;
            (void)__atomic_add_fetch(&c->feed->hits, 1, __ATOMIC_RELAXED);
            return OK;
        }
        TRY(fetch(c, a, looked, took, &out, &again));
    }
    if (c->db == NULL)
        return ERR_COLD;
    *ids = ARENA_ARRAY(c->arena, FEED_PAGE_MAX, int64_t);
    return from_store(c, a, *ids, n);
}

bool feed_may_follow_tags(struct ctx *c, int64_t reader_id)
{
    struct graph *g = &c->feed->graph;
    READING(&g->lock);
    const struct reader *r = reader_find(&g->readers, reader_id);
    return r == NULL || (r->parts & READER_FOLLOWS) == 0 || r->tags_n > 0;
}

static int newest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x < y) - (x > y);
}

/* Two pages within the same bounds become one: each is whole, so the best `limit` of both are. */
static int64_t unite(const struct page *p, int64_t limit, int64_t *ids, int64_t n)
{
    int64_t kept = 0;
    qsort(ids, (size_t)n, sizeof *ids, newest_first);
    for (int64_t i = 0; i < n; i++)
        if (kept == 0 || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    if (kept > limit && p->min_id != 0) /* the page directly above min_id: the oldest ones */
        memmove(ids, ids + (kept - limit), (size_t)limit * sizeof *ids);
    return kept > limit ? limit : kept;
}

enum err feed_home(struct ctx *c, int64_t reader_id, const struct page *p, int64_t **ids, int64_t *n)
{
    struct asked a = { .what = ASKED_HOME, .reader_id = reader_id, .p = *p };
    struct asked tags = { .what = ASKED_TAGS, .reader_id = reader_id };
    int64_t more = 0;
    TRY(page_of(c, &a, ids, n));
    if (!feed_may_follow_tags(c, reader_id))
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    tags.p = a.p;
    if (*n == a.p.limit && p->min_id == 0) /* what is older than this page does not matter */
        tags.p.since_id = (*ids)[*n - 1];
    if (*n == a.p.limit && p->min_id != 0)
        tags.p.max_id = (*ids)[0];
    int64_t *all = ARENA_ARRAY(c->arena, FEED_PAGE_MAX * 2, int64_t);
    memcpy(all, *ids, (size_t)*n * sizeof *all);
    TRY(from_store(c, &tags, all + *n, &more));
    *n = unite(p, a.p.limit, all, *n + more);
    *ids = all;
    return OK;
}

enum err feed_list(struct ctx *c, int64_t reader_id, int64_t list_id, const struct page *p, int64_t **ids, int64_t *n)
{
    return page_of(c, &(struct asked){ .what = ASKED_LIST, .reader_id = reader_id, .list_id = list_id, .p = *p }, ids,
                   n);
}

enum err feed_local(struct ctx *c, int64_t reader_id, const struct page *p, bool only_media, int64_t **ids, int64_t *n)
{
    return page_of(c, &(struct asked){ .what = ASKED_LOCAL, .only_media = only_media, .reader_id = reader_id, .p = *p },
                   ids, n);
}

void feed_status_missing(struct feed *f, int64_t reader_id, int64_t status_id)
{
    struct graph *g = &f->graph;
    WRITING(&g->lock);
    const struct reader *r = reader_find(&g->readers, reader_id);
    ring_remove(&g->ring, status_id);
    for (uint32_t i = 0; r != NULL && i < r->n; i++)
        (void)authors_remove(&g->authors, r->who[i], status_id);
}

/* The app's name stands in every parley that is sent with this session. */
static enum err find_session(struct ctx *c, struct str token_hash, struct session **out)
{
    struct app *app = NULL;
    TRY(store_session_find_hash(c, token_hash, out));
    if (*out == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "The access token is invalid");
    if (c->feed->options.budget == 0 || (*out)->app_id == 0)
        return OK;
    TRY(store_app_find(c, (*out)->app_id, &app));
    if (app != NULL) {
        (*out)->app_name = app->name;
        (*out)->app_website = app->website;
    }
    return OK;
}

enum err feed_session(struct ctx *c, struct str token_hash, struct session **s, struct account **me)
{
    uint64_t ticket = 0;
    *s = NULL;
    *me = NULL;
    if (!people_session(&c->feed->people, c->arena, token_hash, s, &ticket)) {
        if (c->db == NULL)
            return ERR_COLD;
        TRY(find_session(c, token_hash, s));
        people_put_session(&c->feed->people, *s, ticket);
    }
    if ((*s)->account_id == 0)
        return OK;
    enum err e = feed_account(c, (*s)->account_id, me);
    return e == ERR_NOT_FOUND ? fail(c, ERR_UNAUTHENTICATED, "The access token is invalid") : e;
}

enum err feed_account(struct ctx *c, int64_t id, struct account **out)
{
    uint64_t ticket = 0;
    if (people_account(&c->feed->people, c->arena, id, out, &ticket))
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    TRY(store_account_get(c, id, out));
    people_put_account(&c->feed->people, *out, ticket);
    return OK;
}

static void set_mark(struct status_marks *m, int kind, uint32_t value)
{
    switch ((enum marks_kind)kind) {
    case MARKS_FAVOURITES: m->favourited = true; break;
    case MARKS_REBLOGS: m->reblogged = true; break;
    case MARKS_BOOKMARKS: m->bookmarked = true; break;
    case MARKS_PINS: m->pinned = true; break;
    case MARKS_THREADS: m->muted = true; break;
    case MARKS_VOTES: m->vote = value; break;
    case MARKS_KINDS: break;
    }
}

/* Kinds of which some are older than memory reaches: a bit each. */
static unsigned marks_from_memory(struct graph *g, int64_t reader_id, const struct marks_ask *ask, int64_t n,
                                  struct status_marks *marks)
{
    unsigned lacking = 0;
    READING(&g->lock);
    const struct reader *r = reader_find(&g->readers, reader_id);
    if (r == NULL || (r->parts & READER_MARKS) == 0)
        return (1U << MARKS_KINDS) - 1;
    for (int k = 0; k < MARKS_KINDS; k++) {
        const struct idset *set = &r->marks[k];
        for (int64_t i = 0; i < n && set->n > 0; i++) {
            int64_t id = k == MARKS_THREADS ? ask[i].thread_id : ask[i].id;
            uint32_t value = 0;
            if (id != 0 && id < set->from)
                lacking |= 1U << k;
            else if ((value = idset_value(set, id)) != 0)
                set_mark(&marks[i], k, value);
        }
    }
    return lacking;
}

bool feed_look_marks(struct feed *f, int64_t reader_id, const struct marks_ask *ask, int64_t n,
                     struct status_marks *marks)
{
    memset(marks, 0, (size_t)n * sizeof *marks);
    return marks_from_memory(&f->graph, reader_id, ask, n, marks) == 0;
}

static enum err marks_from_store(struct ctx *c, int kind, int64_t reader_id, const struct marks_ask *ask, int64_t n,
                                 struct status_marks *marks)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    struct feed_mark_row *found = NULL;
    int64_t found_n = 0;
    for (int64_t i = 0; i < n; i++)
        ids[i] = kind == MARKS_THREADS ? ask[i].thread_id : ask[i].id;
    TRY(store_feed_marks_of(c, (enum feed_mark_kind)kind, reader_id, ids, n, &found, &found_n));
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < found_n; k++)
            if (ids[i] != 0 && ids[i] == found[k].id)
                set_mark(&marks[i], kind, found[k].value);
    return OK;
}

enum err feed_marks(struct ctx *c, int64_t reader_id, const struct marks_ask *ask, int64_t n,
                    struct status_marks *marks)
{
    unsigned lacking = (1U << MARKS_KINDS) - 1;
    bool here = false;
    for (int64_t i = 0; i < n; i++)
        marks[i] = (struct status_marks){ 0 };
    if (c->feed->options.budget > 0) {
        TRY(reading_want(c, reader_id, READER_MARKS, &here));
        lacking = marks_from_memory(&c->feed->graph, reader_id, ask, n, marks);
    }
    for (int k = 0; k < MARKS_KINDS && lacking != 0; k++) {
        if ((lacking >> k & 1) == 0)
            continue;
        if (c->db == NULL)
            return ERR_COLD;
        TRY(marks_from_store(c, k, reader_id, ask, n, marks));
    }
    return OK;
}

static bool hidden_from_memory(struct graph *g, int64_t reader_id, int64_t account_id, int64_t now_ms, int *hides)
{
    READING(&g->lock);
    const struct reader *r = reader_find(&g->readers, reader_id);
    if (r == NULL || (r->parts & READER_HIDES) == 0)
        return false;
    *hides = (int)reader_hides(r, authors_find(&g->authors, account_id), now_ms);
    return true;
}

enum err feed_hidden(struct ctx *c, int64_t reader_id, int64_t account_id, int *hides)
{
    static const int bits[] = { FEED_BLOCKED, FEED_BLOCKED_BY, FEED_MUTED };
    struct feed_hide *rows = NULL;
    int64_t n = 0;
    bool here = false;
    *hides = FEED_SEEN;
    if (c->feed->options.budget > 0)
        TRY(reading_want(c, reader_id, READER_HIDES, &here));
    if (here && hidden_from_memory(&c->feed->graph, reader_id, account_id, c->now_ms, hides))
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    TRY(store_feed_hides(c, reader_id, &rows, &n));
    for (int64_t i = 0; i < n; i++)
        if (rows[i].target_id == account_id && (rows[i].until_ms == 0 || rows[i].until_ms > c->now_ms))
            *hides |= bits[rows[i].kind];
    return OK;
}

static bool follows_from_memory(struct graph *g, int64_t reader_id, int64_t account_id, bool *follows)
{
    READING(&g->lock);
    const struct reader *r = reader_find(&g->readers, reader_id);
    if (r == NULL || (r->parts & READER_FOLLOWS) == 0)
        return false;
    *follows = reader_id != account_id && reader_follows(r, authors_find(&g->authors, account_id));
    return true;
}

enum err feed_follows(struct ctx *c, int64_t reader_id, int64_t account_id, bool *follows)
{
    struct feed_follow *rows = NULL;
    int64_t n = 0;
    bool here = false;
    *follows = false;
    if (c->feed->options.budget > 0)
        TRY(reading_want(c, reader_id, READER_FOLLOWS, &here));
    if (here && follows_from_memory(&c->feed->graph, reader_id, account_id, follows))
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    TRY(store_feed_follows(c, reader_id, &rows, &n));
    for (int64_t i = 0; i < n; i++)
        *follows = *follows || rows[i].target_id == account_id;
    return OK;
}

/* A shared look at one reader after the other: as many as somebody may follow. */
static bool followed_from_memory(struct graph *g, int64_t reader_id, int64_t account_id, int64_t max,
                                 struct feed_followed *out)
{
    READING(&g->lock);
    const struct reader *r = reader_find(&g->readers, reader_id);
    uint32_t account = authors_find(&g->authors, account_id);
    if (r == NULL || (r->parts & READER_FOLLOWS) == 0)
        return false;
    for (uint32_t i = 0; i < r->n && out->sure_n + out->unsure_n < max; i++) {
        int64_t id = author_id(&g->authors, r->who[i]);
        const struct reader *other = reader_find(&g->readers, id);
        if (id == reader_id || id == account_id)
            continue;
        if (other == NULL || (other->parts & READER_FOLLOWS) == 0)
            out->unsure[out->unsure_n++] = id;
        else if (reader_follows(other, account))
            out->sure[out->sure_n++] = id;
    }
    return true;
}

enum err feed_followed(struct ctx *c, int64_t reader_id, int64_t account_id, int64_t max, struct feed_followed *out)
{
    bool here = false;
    *out = (struct feed_followed){ .sure = ARENA_ARRAY(c->arena, (size_t)max, int64_t),
                                   .unsure = ARENA_ARRAY(c->arena, (size_t)max, int64_t) };
    if (c->feed->options.budget > 0)
        TRY(reading_want(c, reader_id, READER_FOLLOWS, &here));
    if (here && followed_from_memory(&c->feed->graph, reader_id, account_id, max, out))
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    return store_follow_ends(c, reader_id, max, out->unsure, &out->unsure_n);
}
