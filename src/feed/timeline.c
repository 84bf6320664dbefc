/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/timeline.h"

#include <assert.h>
#include <stdatomic.h>

#include "model/status_draft.h"

#define PREFETCH_AHEAD 16

/* The best `limit` ids of (lo, hi) so far, in a heap with the worst on top; lo (or hi, for the page above min_id)
   closes in as it fills. */
struct cut {
    int64_t lo;
    int64_t hi;
    int64_t need; /* entries below this were missing where they were looked for */
    bool oldest;  /* the page directly above lo, not the newest one */
    int64_t limit;
    int64_t n;
    int64_t *keys; /* ids, negative for `oldest`: the lowest is the worst */
    uint32_t ask;  /* an author whose standing must be read; 0: none */
};

static struct cut cut_of(const struct page *p, struct page_out *out)
{
    assert(p->limit > 0 && p->limit <= FEED_PAGE_MAX);
    *out = (struct page_out){ 0 };
    return (struct cut){
        .lo = p->min_id != 0 ? p->min_id : p->since_id,
        .hi = p->max_id != 0 ? p->max_id : INT64_MAX,
        .oldest = p->min_id != 0,
        .limit = p->limit,
        .keys = out->ids,
    };
}

static void sift_down(int64_t *k, int64_t n, int64_t key)
{
    int64_t at = 0;
    for (;;) {
        int64_t child = at * 2 + 1;
        if (child >= n)
            break;
        if (child + 1 < n && k[child + 1] < k[child])
            child++;
        if (k[child] >= key)
            break;
        k[at] = k[child];
        at = child;
    }
    k[at] = key;
}

static void sift_up(int64_t *k, int64_t at, int64_t key)
{
    while (at > 0 && k[(at - 1) / 2] > key) {
        k[at] = k[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    k[at] = key;
}

static void offer(struct cut *cut, int64_t id)
{
    int64_t key = cut->oldest ? -id : id;
    if (cut->n < cut->limit)
        sift_up(cut->keys, cut->n++, key);
    else if (key > cut->keys[0])
        sift_down(cut->keys, cut->n, key);
    if (cut->n < cut->limit)
        return;
    if (cut->oldest)
        cut->hi = -cut->keys[0];
    else
        cut->lo = cut->keys[0];
}

/* Empties the heap into descending ids. */
static void finish(struct cut *cut, struct page_out *out)
{
    out->n = cut->n;
    out->who = cut->ask;
    out->lowest = cut->lo + 1;
    for (int64_t left = cut->n; left > 1;) {
        int64_t worst = cut->keys[0];
        int64_t last = cut->keys[--left];
        sift_down(cut->keys, left, last);
        cut->keys[left] = worst;
    }
    /* now the best key is first: for `oldest` that is the lowest id */
    for (int64_t i = 0; cut->oldest && i < (cut->n + 1) / 2; i++) {
        int64_t swap = -cut->keys[i];
        cut->keys[i] = -cut->keys[cut->n - 1 - i];
        cut->keys[cut->n - 1 - i] = swap;
    }
}

/* One followed author as the pass sees them. */
struct seen {
    const struct authors *a;
    const struct reader *r;
    const struct reader_list *l; /* NULL: home */
    const struct tail *t;
    uint32_t who;
    uint8_t how; /* enum follow_how */
    int64_t now_ms;
};

static bool lang_shown(const struct seen *s, uint8_t lang, struct cut *cut, int64_t id)
{
    if (lang == 0)
        return true;
    if (lang == LANGS_MAX) { /* one of those that have no number: the store knows */
        cut->need = id + 1 > cut->need ? id + 1 : cut->need;
        return true;
    }
    for (uint32_t i = 0; i < s->r->langs_n; i++)
        if (s->r->langs[i].who == s->who)
            return (s->r->langs[i].set[lang / 8] >> (lang % 8) & 1) != 0;
    return true;
}

static bool direct_shown(const struct seen *s, int64_t id, struct cut *cut)
{
    if (id < s->a->directs_from)
        cut->need = id + 1 > cut->need ? id + 1 : cut->need;
    return pairs_has(&s->a->directs, id, s->r->node.key);
}

/* An entry of somebody else. */
static bool shown(const struct seen *s, size_t i, uint8_t flags, struct cut *cut)
{
    const struct tail *t = s->t;
    uint32_t other = tail_others(t)[i];
    if ((flags & (ENTRY_HELD | ENTRY_REMOVED)) != 0)
        return false;
    if ((flags & ENTRY_ECHO) != 0 && (s->how & FOLLOW_REBLOGS) == 0)
        return false;
    if ((flags & ENTRY_REPLY) != 0 && other != s->who && other != s->r->self && !reader_follows(s->r, other))
        return false;
    if (other != 0 && s->r->hides_n > 0 && reader_hides(s->r, other, s->now_ms) != FEED_SEEN)
        return false;
    if ((s->how & FOLLOW_LANGS) != 0 && (flags & ENTRY_ECHO) == 0 && !lang_shown(s, tail_langs(t)[i], cut, t->ids[i]))
        return false;
    return (flags & ENTRY_VISIBILITY) != VIS_DIRECT || direct_shown(s, t->ids[i], cut);
}

/* Which answers to others stand in a list, beyond what home shows. */
static bool list_shows(const struct seen *s, uint32_t other)
{
    if (other == s->who || other == s->r->self || s->l->replies == LIST_REPLIES_FOLLOWED)
        return true;
    return s->l->replies == LIST_REPLIES_LIST && reader_listed(s->r, s->l, other);
}

static bool shown_to(const struct seen *s, size_t i, struct cut *cut)
{
    uint8_t flags = tail_flags(s->t)[i];
    if (s->l != NULL && (flags & ENTRY_REPLY) != 0 && !list_shows(s, tail_others(s->t)[i]))
        return false;
    if ((s->how & FOLLOW_SELF) != 0)
        return (flags & ENTRY_REMOVED) == 0;
    return ((flags & ~ENTRY_MEDIA) == VIS_PUBLIC && (s->how & FOLLOW_LANGS) == 0) || shown(s, i, flags, cut);
}

static void walk_down(const struct seen *s, struct cut *cut)
{
    const int64_t *ids = s->t->ids;
    size_t i = cut->hi == INT64_MAX ? s->t->n : tail_below(s->t, cut->hi);
    while (i > 0 && ids[i - 1] > cut->lo) {
        i--;
        if (shown_to(s, i, cut))
            offer(cut, ids[i]);
    }
    if (i == 0 && s->t->from > cut->lo + 1 && s->t->from > cut->need)
        cut->need = s->t->from;
}

static void walk_up(const struct seen *s, struct cut *cut)
{
    const int64_t *ids = s->t->ids;
    if (s->t->from > cut->lo + 1 && s->t->from > cut->need)
        cut->need = s->t->from;
    for (size_t i = tail_below(s->t, cut->lo + 1); i < s->t->n && ids[i] < cut->hi; i++)
        if (shown_to(s, i, cut))
            offer(cut, ids[i]);
}

static void visit(struct seen *s, struct cut *cut)
{
    if (authors_newest(s->a)[s->who] == AUTHOR_ASK) {
        cut->ask = s->who;
        return;
    }
    s->t = author_tail(s->a, s->who);
    if (s->t == NULL)
        return;
    if (s->r->hides_n > 0 && reader_hides(s->r, s->who, s->now_ms) != FEED_SEEN)
        return;
    if (cut->oldest)
        walk_up(s, cut);
    else
        walk_down(s, cut);
}

/* Whose parleys the page may hold. */
static const uint32_t *sources(const struct reader *r, const struct reader_list *l, uint32_t *n)
{
    *n = l == NULL ? r->n : l->n;
    return l == NULL ? r->who : r->listed + l->from;
}

size_t timeline_short(const struct authors *a, const struct reader *r, const struct reader_list *l, int64_t lowest,
                      uint32_t *who, size_t max)
{
    size_t n = 0;
    uint32_t all_n = 0;
    const uint32_t *all = sources(r, l, &all_n);
    for (uint32_t i = 0; i < all_n && n < max; i++)
        if (author_from(a, all[i]) > lowest && (author_state(a, all[i]) & AUTHOR_HIDDEN) == 0)
            who[n++] = all[i];
    return n;
}

/* How whoever stands at a place is followed; false: they are not on the page. */
static bool how_followed(struct seen *s, uint32_t i)
{
    uint32_t at = s->l == NULL ? i : reader_place(s->r, s->who);
    if (at == s->r->n)
        return false;
    s->how = s->r->how[at];
    return s->l != NULL || (s->how & FOLLOW_EXCLUSIVE) == 0 || (s->how & FOLLOW_SELF) != 0;
}

/* Nothing below `floor` is taken. */
static enum took merge(struct seen *s, const struct page *p, int64_t floor, struct page_out *out)
{
    struct cut cut = cut_of(p, out);
    cut.lo = floor > cut.lo ? floor : cut.lo;
    const int64_t *newest = authors_newest(s->a);
    uint32_t one = 0;
    uint32_t n = 0;
    const uint32_t *who = sources(s->r, s->l, &n);

    for (uint32_t i = 0; i < n; i++) {
        if (i + PREFETCH_AHEAD < n)
            __builtin_prefetch(&newest[who[i + PREFETCH_AHEAD]]);
        if (newest[who[i]] <= cut.lo)
            continue;
        s->who = who[i];
        if (how_followed(s, i))
            visit(s, &cut);
    }
    finish(&cut, out);
    if (cut.ask != 0)
        return TOOK_ASK;
    /* An author without entries tells by `from` how far back that is certain. */
    if (cut.lo + 1 < cut.need || (cut.lo + 1 < s->a->from && timeline_short(s->a, s->r, s->l, cut.lo + 1, &one, 1) > 0))
        return TOOK_PART;
    return TOOK_ALL;
}

/* The newest page seldom ends lower than it did, and when it does it is not full above that: starting there spares all
   authors but those who are on it. */
enum took timeline_home(const struct authors *a, struct reader *r, const struct page *p, int64_t now_ms,
                        struct page_out *out)
{
    struct seen s = { .a = a, .r = r, .now_ms = now_ms };
    bool is_newest = p->min_id == 0 && p->max_id == 0;
    int64_t floor = is_newest ? atomic_load_explicit(&r->home_floor, memory_order_relaxed) : 0;
    enum took took = merge(&s, p, floor, out);
    if (took != TOOK_ASK && out->n < p->limit && floor > p->since_id)
        took = merge(&s, p, 0, out);
    if (is_newest && took == TOOK_ALL && out->n == p->limit)
        atomic_store_explicit(&r->home_floor, out->ids[out->n - 1] - 1, memory_order_relaxed);
    return took;
}

enum took timeline_list(const struct authors *a, const struct reader *r, const struct reader_list *l,
                        const struct page *p, int64_t now_ms, struct page_out *out)
{
    struct seen s = { .a = a, .r = r, .l = l, .now_ms = now_ms };
    return merge(&s, p, 0, out);
}

/* An entry that has left its author's tail is not known to have attachments: the store knows. */
static bool has_media(const struct authors *a, uint32_t who, int64_t id, struct cut *cut)
{
    const struct tail *t = author_tail(a, who);
    size_t i = t == NULL ? 0 : tail_below(t, id);
    if (t != NULL && i < t->n && t->ids[i] == id)
        return (tail_flags(t)[i] & ENTRY_MEDIA) != 0;
    cut->need = id + 1 > cut->need ? id + 1 : cut->need;
    return false;
}

static bool local_shown(const struct authors *a, const struct reader *r, uint32_t who, int64_t now_ms, struct cut *cut)
{
    uint8_t state = author_state(a, who);
    if ((state & AUTHOR_UNSURE) != 0)
        cut->ask = who;
    if ((state & (AUTHOR_HIDDEN | AUTHOR_LIMITED)) != 0)
        return false;
    return r == NULL || r->hides_n == 0 || reader_hides(r, who, now_ms) == FEED_SEEN;
}

enum took timeline_local(const struct authors *a, const struct ring *ring, const struct reader *r, const struct page *p,
                         bool only_media, int64_t now_ms, struct page_out *out)
{
    struct cut cut = cut_of(p, out);
    bool low = cut.oldest ? ring->from > cut.lo + 1 : false;
    if (cut.oldest) {
        for (size_t i = ring_below(ring, cut.lo + 1); i < ring->n && ring->ids[i] < cut.hi; i++)
            if ((!only_media || has_media(a, ring->authors[i], ring->ids[i], &cut))
                && local_shown(a, r, ring->authors[i], now_ms, &cut))
                offer(&cut, ring->ids[i]);
    } else {
        size_t i = ring_below(ring, cut.hi);
        while (i > 0 && ring->ids[i - 1] > cut.lo) {
            i--;
            if ((!only_media || has_media(a, ring->authors[i], ring->ids[i], &cut))
                && local_shown(a, r, ring->authors[i], now_ms, &cut))
                offer(&cut, ring->ids[i]);
        }
        low = i == 0 && ring->from > cut.lo + 1;
    }
    finish(&cut, out);
    if (cut.ask != 0)
        return TOOK_ASK;
    return low || cut.lo + 1 < cut.need ? TOOK_PART : TOOK_ALL;
}
