/* SPDX-License-Identifier: Apache-2.0 */
#include "store/page.h"

#include <assert.h>
#include <string.h>

#include "store/stmt.h"

int64_t page_limit(const struct page *p)
{
    if (p->limit < 1)
        return 1;
    return p->limit > PAGE_LIMIT_MAX ? PAGE_LIMIT_MAX : p->limit;
}

void page_bind(struct stmt *st, int n, const struct page *p)
{
    db_bind_i64(st, n, p->max_id > 0 ? p->max_id : INT64_MAX);
    db_bind_i64(st, n + 1, page_ascends(p) ? p->min_id : p->since_id);
    db_bind_i64(st, n + 2, page_limit(p));
}

void page_turn(void *rows, int64_t n, size_t size, const struct page *p)
{
    unsigned char tmp[64];
    assert(size <= sizeof tmp);
    if (!page_ascends(p))
        return;
    for (unsigned char *a = rows, *b = a + (size_t)n * size; n > 1 && a + size < b; a += size) {
        b -= size;
        memcpy(tmp, a, size);
        memcpy(a, b, size);
        memcpy(b, tmp, size);
    }
}

enum err page_read(struct ctx *c, struct stmt *st, const struct page *p, struct page_row **out, int64_t *n)
{
    int64_t limit = page_limit(p);
    *out = ARENA_ARRAY(c->arena, (size_t)limit, struct page_row);
    *n = 0;
    while (*n < limit && NEXT_ROW(c, st))
        (*out)[(*n)++] = (struct page_row){ .row_id = db_col_i64(st, 0), .id = db_col_i64(st, 1) };
    page_turn(*out, *n, sizeof **out, p);
    return OK;
}
