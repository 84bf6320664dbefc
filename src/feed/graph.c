/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/graph.h"

#include <stdlib.h>

#include "model/status_draft.h"

void graph_init(struct graph *g, size_t tail_max, size_t ring_keep)
{
    *g = (struct graph){ 0 };
    rwlock_init(&g->lock, LOCK_FEED_GRAPH);
    authors_init(&g->authors, tail_max);
    readers_init(&g->readers);
    ring_init(&g->ring, ring_keep);
}

void graph_fini(struct graph *g)
{
    lru_fini(&g->readers);
    authors_fini(&g->authors);
    ring_fini(&g->ring);
    rwlock_fini(&g->lock);
    free(g->notes.all);
}

static size_t recent(int64_t id)
{
    return lru_mix((uint64_t)id) % GRAPH_RECENT;
}

static bool was_removed(const struct graph *g, int64_t id)
{
    return g->removed[recent(id)] == id;
}

static void note(struct graph *g, const struct note *n)
{
    struct notes *all = &g->notes;
    if (all->users == 0)
        return;
    if (all->n == all->cap) {
        all->cap = all->cap == 0 ? 64 : all->cap * 2;
        all->all = realloc(all->all, all->cap * sizeof *all->all);
        if (all->all == NULL)
            abort();
    }
    all->all[all->n++] = *n;
}

void graph_take_notes(struct graph *g)
{
    g->notes.users++;
}

void graph_end_notes(struct graph *g)
{
    if (--g->notes.users > 0)
        return;
    free(g->notes.all);
    g->notes = (struct notes){ 0 };
}

struct entry graph_entry(struct graph *g, const struct told *t)
{
    return (struct entry){
        .id = t->id,
        .other = authors_number(&g->authors, t->other_id),
        .flags = t->flags,
        .lang = authors_lang(&g->authors, t->lang),
    };
}

/* The ids of [{"id":"1","username":"anna"...}, ...]: neither names nor addresses can hold a quotation mark. */
void graph_add_directs(struct graph *g, const struct told *t)
{
    struct str rest = t->mentions;
    size_t at = 0;
    if ((t->flags & ENTRY_VISIBILITY) != VIS_DIRECT)
        return;
    while (str_find(rest, STR("\"id\":\""), &at)) {
        int64_t id = 0;
        struct str digits;
        rest = str_skip(rest, at + sizeof "\"id\":\"" - 1);
        (void)str_cut(&rest, '"', &digits);
        if (str_to_i64(digits, &id) && id > 0)
            pairs_add(&g->authors.directs, t->id, id);
    }
}

void graph_add(struct graph *g, const struct told *t)
{
    if (g->stage == GRAPH_EMPTY || was_removed(g, t->id))
        return;
    uint32_t author = authors_number(&g->authors, t->account_id);
    struct entry e = graph_entry(g, t);
    authors_add(&g->authors, author, &e);
    graph_add_directs(g, t);
    if ((t->flags & ENTRY_LISTED) != 0)
        ring_add(&g->ring, t->id, author);
}

static void set_flags(struct graph *g, int64_t account_id, int64_t id, uint8_t flags)
{
    uint32_t author = authors_find(&g->authors, account_id);
    if (author == 0)
        return;
    authors_set_flags(&g->authors, author, id, flags, ENTRY_HELD | ENTRY_REMOVED | ENTRY_LISTED | ENTRY_MEDIA);
    if ((flags & ENTRY_LISTED) != 0)
        ring_add(&g->ring, id, author);
    else
        ring_remove(&g->ring, id);
}

void graph_changed(struct graph *g, const struct told *t)
{
    struct judged *last = &g->judged[recent(t->id)];
    if (g->stage == GRAPH_EMPTY || was_removed(g, t->id) || (last->id == t->id && last->since_ms > t->since_ms))
        return;
    *last = (struct judged){ t->id, t->since_ms };
    set_flags(g, t->account_id, t->id, t->flags);
    note(g, &(struct note){ AGAIN_FLAGS, t->account_id, t->id, t->flags });
}

void graph_removed(struct graph *g, int64_t account_id, int64_t id)
{
    uint32_t author = authors_find(&g->authors, account_id);
    if (g->stage == GRAPH_EMPTY)
        return;
    g->removed[recent(id)] = id;
    note(g, &(struct note){ AGAIN_REMOVED, account_id, id, 0 });
    ring_remove(&g->ring, id);
    if (author != 0)
        (void)authors_remove(&g->authors, author, id);
}

void graph_apply_notes(struct graph *g, size_t from)
{
    for (size_t i = from; i < g->notes.n; i++) {
        const struct note *n = &g->notes.all[i];
        uint32_t author = authors_find(&g->authors, n->account_id);
        if (n->kind == AGAIN_FLAGS)
            set_flags(g, n->account_id, n->id, n->flags);
        else if (author != 0)
            (void)authors_remove(&g->authors, author, n->id);
    }
}

uint64_t *graph_generation(struct graph *g, int64_t account_id)
{
    return &g->generations[lru_mix((uint64_t)account_id) % GRAPH_GENERATIONS];
}

void graph_account_changed(struct graph *g, int64_t account_id)
{
    uint32_t author = authors_find(&g->authors, account_id);
    ++*graph_generation(g, account_id);
    if (g->stage != GRAPH_EMPTY && author == 0) /* whoever is met later is taken for normal */
        author = authors_number(&g->authors, account_id);
    if (author != 0)
        authors_set_state(&g->authors, author, author_state(&g->authors, author) | AUTHOR_UNSURE);
}

void graph_account_removed(struct graph *g, int64_t account_id)
{
    uint32_t author = authors_find(&g->authors, account_id);
    ++*graph_generation(g, account_id);
    reader_forget(&g->readers, account_id, READER_FOLLOWS | READER_HIDES | READER_MARKS);
    if (author == 0)
        return;
    authors_forget(&g->authors, author);
    authors_set_state(&g->authors, author, AUTHOR_HIDDEN);
    ring_forget(&g->ring, author);
}

void graph_set_standing(struct graph *g, int64_t account_id, bool is_hidden, bool is_limited)
{
    uint32_t author = authors_number(&g->authors, account_id);
    authors_set_state(&g->authors, author,
                      (uint8_t)((is_hidden ? AUTHOR_HIDDEN : 0) | (is_limited ? AUTHOR_LIMITED : 0)));
}

struct listed {
    int64_t id;
    uint32_t author;
};

static void sift_down(struct listed *h, size_t n, struct listed x)
{
    size_t at = 0;
    for (size_t child = 1; child < n; child = at * 2 + 1) {
        if (child + 1 < n && h[child + 1].id < h[child].id)
            child++;
        if (h[child].id >= x.id)
            break;
        h[at] = h[child];
        at = child;
    }
    h[at] = x;
}

static void sift_up(struct listed *h, size_t at, struct listed x)
{
    for (; at > 0 && h[(at - 1) / 2].id > x.id; at = (at - 1) / 2)
        h[at] = h[(at - 1) / 2];
    h[at] = x;
}

static size_t keep_newest(const struct tail *t, uint32_t author, struct listed *h, size_t n, size_t max)
{
    for (size_t i = t->n; i > 0; i--) {
        struct listed x = { t->ids[i - 1], author };
        if (n == max && x.id <= h[0].id)
            break;
        if ((tail_flags(t)[i - 1] & ENTRY_LISTED) == 0)
            continue;
        if (n < max)
            sift_up(h, n++, x);
        else
            sift_down(h, n, x);
    }
    return n;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct listed *)a)->id;
    int64_t y = ((const struct listed *)b)->id;
    return x < y ? -1 : x > y;
}

/* The newest that the tails know: a heap of as many as the ring keeps. Where a busy author's tail is cut, the ring is,
 * too. */
void graph_make_ring(struct graph *g)
{
    const struct authors *a = &g->authors;
    size_t max = g->ring.keep;
    size_t n = 0;
    int64_t from = a->from;
    struct listed *h = malloc(max * sizeof *h);
    if (h == NULL)
        abort();
    for (uint32_t i = 1; i < a->n; i++) {
        const struct tail *t = author_tail(a, i);
        if (t == NULL)
            continue;
        n = keep_newest(t, i, h, n, max);
        if (t->from > from)
            from = t->from;
    }
    qsort(h, n, sizeof *h, by_id);
    if (n == max && h[0].id > from)
        from = h[0].id;
    g->ring.n = 0;
    g->ring.from = from;
    for (size_t i = 0; i < n; i++)
        ring_add(&g->ring, h[i].id, h[i].author);
    free(h);
}
