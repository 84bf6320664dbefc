/* SPDX-License-Identifier: Apache-2.0 */
#include "core/timeline.h"

#include "core/filter.h"
#include "feed/feed.h"
#include "store/page.h"

static enum err source(struct ctx *c, const struct timeline_ask *ask, const struct page *p, int64_t **ids, int64_t *n)
{
    int64_t reader_id = c->me == NULL ? 0 : c->me->id;
    switch (ask->kind) {
    case TIMELINE_HOME: return feed_home(c, reader_id, p, ids, n);
    case TIMELINE_LOCAL: return feed_local(c, reader_id, p, ask->only_media, ids, n);
    case TIMELINE_LIST: return feed_list(c, reader_id, ask->list_id, p, ids, n);
    }
    return OK;
}

static void note_bounds(struct timeline *out, int64_t id)
{
    if (id > out->first)
        out->first = id;
    if (out->last == 0 || id < out->last)
        out->last = id;
}

/* Walks from where the page starts: down from the top, or up from min_id. */
static void take(struct timeline *out, const struct page *p, const int64_t *ids, const bool *hidden, int64_t n)
{
    int64_t i = 0;
    for (; i < n && out->n < p->limit; i++) {
        int64_t at = page_ascends(p) ? n - 1 - i : i;
        note_bounds(out, ids[at]);
        if (!hidden[at])
            out->ids[out->n++] = ids[at];
    }
    out->more = n == p->limit || i < n;
}

enum err timeline_read(struct ctx *c, const struct timeline_ask *ask, struct timeline *out)
{
    struct page p = ask->page;
    p.limit = page_limit(&ask->page);
    *out = (struct timeline){
        .where = ask->kind == TIMELINE_LOCAL ? FILTER_PUBLIC : FILTER_HOME,
        .ids = ARENA_ARRAY(c->arena, (size_t)p.limit, int64_t),
        .more = true,
    };
    for (int round = 0; round < TIMELINE_ROUNDS_MAX && out->more && out->n < p.limit; round++) {
        int64_t *ids = NULL;
        int64_t n = 0;
        TRY(source(c, ask, &p, &ids, &n));
        bool *hidden = ARENA_ARRAY(c->arena, (size_t)n + 1, bool);
        TRY(filter_hides_ids(c, out->where, ids, n, hidden));
        take(out, &p, ids, hidden, n);
        page_go_on(&p, out->first, out->last);
    }
    page_turn(out->ids, out->n, sizeof *out->ids, &p);
    return OK;
}
