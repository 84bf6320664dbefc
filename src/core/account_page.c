/* SPDX-License-Identifier: Apache-2.0 */
#include "core/account_page.h"

#include "core/visible.h"
#include "store/account.h"
#include "store/page.h"

/* Sets to 0 whom an own list does not show: who is not there for anybody. */
static enum err own_filter(struct ctx *c, int64_t *ids, int64_t n)
{
    static const struct bond none = { 0 };
    struct account **people = ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *);
    TRY(store_account_load(c, ids, n, people));
    for (int64_t i = 0; i < n; i++)
        if (people[i] == NULL || !account_visible(c->me, people[i], &none))
            ids[i] = 0;
    return OK;
}

static enum err judge(struct ctx *c, const struct page_row *rows, int64_t n, bool own, int64_t **out)
{
    *out = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        (*out)[i] = rows[i].id;
    return own ? own_filter(c, *out, n) : accounts_filter(c, *out, n);
}

static void take(struct account_page *page, int64_t row_id, int64_t id)
{
    if (row_id > page->first)
        page->first = row_id;
    if (page->last == 0 || row_id < page->last)
        page->last = row_id;
    if (id != 0)
        page->ids[page->n++] = id;
}

enum err account_page_fill(struct ctx *c, account_source_fn *source, int64_t account_id, bool own,
                           const struct page *asked, struct account_page *out)
{
    struct page p = *asked;
    p.limit = page_limit(asked);
    *out = (struct account_page){ .ids = ARENA_ARRAY(c->arena, (size_t)p.limit, int64_t) };
    for (int round = 0; round < ACCOUNT_PAGE_ROUNDS_MAX; round++) {
        struct page_row *rows = NULL;
        int64_t *ids = NULL;
        int64_t n = 0;
        TRY(source(c, account_id, &p, &rows, &n));
        TRY(judge(c, rows, n, own, &ids));
        for (int64_t i = 0; i < n && out->n < p.limit; i++) {
            int64_t at = page_ascends(&p) ? n - 1 - i : i; /* from where the page starts */
            take(out, rows[at].row_id, ids[at]);
        }
        if (n < p.limit || out->n == p.limit)
            break;
        page_go_on(&p, out->first, out->last);
    }
    page_turn(out->ids, out->n, sizeof *out->ids, &p);
    if (out->n == 0)
        out->first = out->last = 0;
    return OK;
}
