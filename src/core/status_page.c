/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_page.h"

#include "core/filter.h"
#include "store/page.h"
#include "store/status.h"

static enum err load_rows(struct ctx *c, const struct page_row *rows, int64_t n, enum visible_list list,
                          enum filter_context where, struct status **out)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    bool *hidden = ARENA_ARRAY(c->arena, (size_t)n + 1, bool);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    TRY(store_status_load(c, ids, n, out));
    TRY(statuses_filter(c, out, n, list, NULL));
    TRY(filter_hides(c, where, out, n, hidden));
    for (int64_t i = 0; i < n; i++)
        out[i] = hidden[i] ? NULL : out[i];
    return OK;
}

/* Walks from where the page starts: down from the top, or up from min_id. */
static int64_t place(const struct page *p, int64_t i, int64_t n)
{
    return page_ascends(p) ? n - 1 - i : i;
}

static void note_bounds(struct status_page *out, int64_t row_id)
{
    if (row_id > out->first)
        out->first = row_id;
    if (out->last == 0 || row_id < out->last)
        out->last = row_id;
}

enum err status_page_fill(struct ctx *c, status_source_fn *source, status_keep_fn *keep, const void *what,
                          enum visible_list list, enum filter_context where, const struct page *asked,
                          struct status_page *out)
{
    struct page p = *asked;
    p.limit = page_limit(asked);
    *out = (struct status_page){ .rows = ARENA_ARRAY(c->arena, (size_t)p.limit, struct status *) };
    for (int round = 0; round < STATUS_PAGE_ROUNDS_MAX; round++) {
        struct page_row *rows = NULL;
        int64_t n = 0;
        TRY(source(c, what, &p, &rows, &n));
        struct status **found = ARENA_ARRAY(c->arena, (size_t)n + 1, struct status *);
        TRY(load_rows(c, rows, n, list, where, found));
        int64_t i = 0;
        for (; i < n && out->n < p.limit; i++) {
            int64_t at = place(&p, i, n);
            note_bounds(out, rows[at].row_id);
            if (found[at] != NULL && (keep == NULL || keep(c, what, found[at])))
                out->rows[out->n++] = found[at];
        }
        out->more = n == p.limit || i < n;
        if (n < p.limit || out->n == p.limit)
            break;
        page_go_on(&p, out->first, out->last);
    }
    page_turn(out->rows, out->n, sizeof *out->rows, &p);
    if (out->n == 0 && !out->more)
        out->first = out->last = 0;
    return OK;
}
