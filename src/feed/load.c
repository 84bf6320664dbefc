/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/id.h"
#include "feed/inside.h"
#include "store/status.h"

/* Filling: the snapshot, then what the store has since, in batches, while others are served from the store and changes
   are told. What is told while a batch is on its way is done once more at the end. */
#define BATCH      20000
#define KEEP_QUIET 40

struct filling {
    struct ctx *c;
    struct feed *f;
    int64_t after; /* ids from here on are read */
};

/* Tails and what belongs to them may take half of the budget; above that they reach back less far, at least a day. */
static bool too_large(const struct feed *f)
{
    const struct authors *a = &f->graph.authors;
    return authors_bytes(a) > f->options.budget / 2 && (size_t)a->tail_bytes > f->options.budget / 8;
}

static void fit(struct filling *l, int64_t newest)
{
    struct graph *g = &l->f->graph;
    while (too_large(l->f) && newest - g->authors.from > id_floor(ID_EPOCH_MS + DAY_MS)) {
        int64_t from = g->authors.from > l->after ? g->authors.from : l->after;
        from += (newest - from) / 2;
        (void)authors_trim(&g->authors, 1, g->authors.n, from, 0);
        authors_trim_directs(&g->authors, from);
        g->authors.from = from;
        if (l->after < from)
            l->after = from - 1;
    }
}

static void apply(struct filling *l, const struct feed_row *rows, int64_t n)
{
    struct graph *g = &l->f->graph;
    WRITING(&g->lock);
    for (int64_t i = 0; i < n; i++) {
        struct told t = told_of_row(&rows[i]);
        graph_add(g, &t);
    }
    if (n > 0)
        fit(l, rows[n - 1].id);
}

static enum err scan_on(struct filling *l, struct ctx *c)
{
    for (int64_t after = l->after, n = BATCH; n == BATCH;) {
        struct feed_row *rows = NULL;
        if (after < l->after)
            after = l->after;
        TRY(store_feed_scan(c, after, BATCH, &rows, &n));
        apply(l, rows, n);
        if (n > 0)
            after = rows[n - 1].id;
        arena_reset(c->arena);
    }
    return OK;
}

/* With an arena of its own, emptied after each batch. */
static enum err scan(struct filling *l)
{
    struct ctx own = *l->c;
    own.arena = arena_new();
    enum err e = scan_on(l, &own);
    arena_free(&own.arena);
    return e;
}

static enum err read_odd(struct filling *l)
{
    struct graph *g = &l->f->graph;
    struct feed_standing *rows = NULL;
    int64_t n = 0;
    TRY(store_feed_odd(l->c, &rows, &n));
    WRITING(&g->lock);
    for (int64_t i = 0; i < n; i++) {
        uint32_t who = authors_number(&g->authors, rows[i].id);
        if ((author_state(&g->authors, who) & AUTHOR_UNSURE) == 0)
            graph_set_standing(g, rows[i].id, rows[i].is_hidden, rows[i].is_limited);
    }
    return OK;
}

/* What was judged after the snapshot was written. */
static enum err read_judged(struct filling *l)
{
    struct graph *g = &l->f->graph;
    int64_t *ids = NULL;
    int64_t n = 0;
    TRY(store_feed_judged(l->c, l->after, &ids, &n));
    for (int64_t i = 0; i < n; i += STATUS_LOAD_MAX) {
        int64_t part = n - i < STATUS_LOAD_MAX ? n - i : STATUS_LOAD_MAX;
        struct status **rows = ARENA_ARRAY(l->c->arena, (size_t)part, struct status *);
        TRY(store_status_load(l->c, ids + i, part, rows));
        WRITING(&g->lock);
        for (int64_t k = 0; k < part; k++)
            if (rows[k] != NULL) {
                struct told t = told_of(rows[k]);
                graph_changed(g, &t);
            }
    }
    return OK;
}

static enum err begin(struct filling *l)
{
    struct feed *f = l->f;
    struct graph *g = &f->graph;
    int64_t oldest = 0;
    bool loaded = false;
    int64_t floor = id_floor(l->c->now_ms - f->options.tail_days * DAY_MS);
    TRY(store_feed_oldest(l->c, &oldest));
    WRITING(&g->lock);
    if (g->stage == GRAPH_EMPTY)
        TRY(snapshot_read(l->c, f, &loaded, &l->after));
    if (!loaded) {
        g->authors.from = oldest >= floor || oldest == 0 ? 0 : floor;
        l->after = g->authors.from;
    }
    g->stage = GRAPH_FILLING;
    graph_take_notes(g);
    return OK;
}

static enum err fill(struct filling *l)
{
    TRY(read_odd(l));
    TRY(scan(l));
    return read_judged(l);
}

enum err feed_load(struct ctx *c)
{
    struct feed *f = c->feed;
    struct graph *g = &f->graph;
    struct filling l = { .c = c, .f = f };
    int64_t began_us = clock_monotonic_us();
    if (f->options.budget == 0)
        return OK;
    TRY(begin(&l));
    enum err e = fill(&l);
    {
        WRITING(&g->lock);
        graph_apply_notes(g, 0);
        graph_end_notes(g);
        if (e == OK) {
            graph_make_ring(g);
            g->stage = GRAPH_READY;
        }
    }
    feed_divide(f);
    __atomic_store_n(&f->load_us, clock_monotonic_us() - began_us, __ATOMIC_RELAXED); /* others ask while it loads */
    return e;
}

#define TRIM_AT_ONCE 16384 /* authors under one hold of the lock */

static void trim_below(struct graph *g, int64_t floor, size_t keep)
{
    for (uint32_t at = 1, end = 0; end != at;) {
        WRITING(&g->lock);
        end = at;
        at = authors_trim(&g->authors, at, TRIM_AT_ONCE, floor, keep);
    }
    WRITING(&g->lock);
    authors_trim_directs(&g->authors, floor);
}

static bool is_over(struct feed *f, int64_t *tail_bytes)
{
    READING(&f->graph.lock);
    *tail_bytes = f->graph.authors.tail_bytes;
    return too_large(f);
}

/* Tails are cut to the days they are to reach back, so that they do not grow for ever, and their room is given back.
   While there is room an author's newest few stay however old: whoever is followed by somebody with a quiet home. */
static void trim(struct ctx *c, struct feed *f)
{
    struct graph *g = &f->graph;
    int64_t days = f->options.tail_days;
    int64_t bytes = 0;
    trim_below(g, id_floor(c->now_ms - days * DAY_MS), is_over(f, &bytes) ? 0 : KEEP_QUIET);
    for (int64_t before = INT64_MAX; is_over(f, &bytes) && bytes < before && days > 1;) {
        before = bytes;
        days /= 2;
        int64_t floor = id_floor(c->now_ms - days * DAY_MS);
        trim_below(g, floor, 0);
        WRITING(&g->lock);
        if (g->authors.from < floor)
            g->authors.from = floor;
    }
}

enum err feed_save(struct ctx *c)
{
    struct feed *f = c->feed;
    struct graph *g = &f->graph;
    enum err e = OK;
    {
        READING(&g->lock);
        if (g->stage != GRAPH_READY)
            return OK;
    }
    LOCKED(&f->saving);
    trim(c, f);
    feed_divide(f);
    if (f->options.snapshot_path.p == NULL)
        return OK;
    {
        WRITING(&g->lock);
        graph_take_notes(g);
    }
    e = snapshot_write(c, f);
    WRITING(&g->lock);
    graph_end_notes(g);
    return e;
}
