/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdlib.h>

#define FIRST_BYTES ((size_t)256)

char *buf_reserve(struct buf *b, size_t n)
{
    size_t need = 0;
    if (__builtin_add_overflow(b->n, n, &need))
        abort();
    if (need > b->cap) {
        size_t cap = b->cap == 0 ? FIRST_BYTES : b->cap * 2;
        while (cap < need)
            cap *= 2;
        char *p = arena_alloc_raw(b->arena, cap);
        if (b->n > 0)
            memcpy(p, b->p, b->n);
        b->p = p;
        b->cap = cap;
    }
    return b->p + b->n;
}

void buf_put(struct buf *b, struct str s)
{
    if (s.n == 0)
        return;
    memcpy(buf_reserve(b, s.n), s.p, s.n);
    b->n += s.n;
}

void buf_putc(struct buf *b, char ch)
{
    *buf_reserve(b, 1) = ch;
    b->n++;
}

void buf_i64(struct buf *b, int64_t v)
{
    char tmp[24];
    size_t i = sizeof tmp;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        tmp[--i] = (char)('0' + u % 10);
        u /= 10;
    } while (u > 0);
    if (v < 0)
        tmp[--i] = '-';
    buf_put(b, (struct str){ tmp + i, sizeof tmp - i });
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_put(b, arena_vstrf(b->arena, fmt, ap));
    va_end(ap);
}
