/* SPDX-License-Identifier: Apache-2.0 */
#include "core/context.h"

#include <stdlib.h>

#include "base/id.h"
#include "core/visible.h"
#include "store/status.h"
#include "store/thread.h"

/* Loads, judges and closes the gaps. */
static enum err load_visible(struct ctx *c, const int64_t *ids, int64_t n, struct status ***out, int64_t *out_n)
{
    struct status **rows = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
    TRY(store_status_load(c, ids, n, rows));
    TRY(statuses_filter(c, rows, n, VISIBLE_PAGE, NULL));
    *out_n = 0;
    for (int64_t i = 0; i < n; i++)
        if (rows[i] != NULL)
            rows[(*out_n)++] = rows[i];
    *out = rows;
    return OK;
}

static enum err find_ancestors(struct ctx *c, const struct status *s, struct status_context *out)
{
    int64_t max = c->me != NULL ? CONTEXT_MAX : CONTEXT_ANCESTORS_ANONYMOUS;
    int64_t *up = ARENA_ARRAY(c->arena, (size_t)max, int64_t);
    int64_t n = 0;
    if (s->in_reply_to_id == 0)
        return OK;
    TRY(store_thread_above(c, s->thread_id, s->id, max, up, &n));
    for (int64_t i = 0; i < n / 2; i++) {
        int64_t id = up[i];
        up[i] = up[n - 1 - i];
        up[n - 1 - i] = id;
    }
    return load_visible(c, up, n, &out->ancestors, &out->ancestors_n);
}

static int by_parent(const void *a, const void *b)
{
    const struct thread_row *x = a, *y = b;
    if (x->parent_id != y->parent_id)
        return x->parent_id < y->parent_id ? -1 : 1;
    return (x->status_id > y->status_id) - (x->status_id < y->status_id);
}

/* The first of the rows, sorted by parent, whose parent is `id` or greater. */
static int64_t first_child(const struct thread_row *rows, int64_t n, int64_t id)
{
    int64_t lo = 0;
    int64_t hi = n;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        if (rows[mid].parent_id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Depth first without recursion: a thread may be as deep as it is long. The stack holds places in rows, and each place
   is pushed once. */
static int64_t walk(struct ctx *c, const struct thread_row *rows, int64_t n, int64_t root, int64_t max, int64_t *out)
{
    int64_t *stack = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    int64_t depth = 0;
    int64_t found = 0;
    int64_t parent = root;
    for (;;) {
        int64_t from = first_child(rows, n, parent);
        int64_t to = from;
        while (to < n && rows[to].parent_id == parent)
            to++;
        while (to > from)
            stack[depth++] = --to;
        if (depth == 0 || found == max)
            return found;
        parent = rows[stack[--depth]].status_id;
        out[found++] = parent;
    }
}

static enum err find_descendants(struct ctx *c, const struct status *s, struct status_context *out)
{
    int64_t max = c->me != NULL ? CONTEXT_MAX : CONTEXT_DESCENDANTS_ANONYMOUS;
    struct thread_row *rows = ARENA_ARRAY(c->arena, CONTEXT_SCAN_MAX, struct thread_row);
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)max, int64_t);
    int64_t n = 0;
    int64_t since = id_floor(id_ms(s->id) - CONTEXT_SKEW_MS);
    TRY(store_thread_after(c, s->thread_id, since, CONTEXT_SCAN_MAX, rows, &n));
    qsort(rows, (size_t)n, sizeof *rows, by_parent);
    n = walk(c, rows, n, s->id, max, ids);
    return load_visible(c, ids, n, &out->descendants, &out->descendants_n);
}

enum err status_context(struct ctx *c, int64_t id, struct status_context *out)
{
    struct status *s = NULL;
    *out = (struct status_context){ 0 };
    TRY(status_see(c, id, &s, NULL));
    TRY(find_ancestors(c, s, out));
    return find_descendants(c, s, out);
}
