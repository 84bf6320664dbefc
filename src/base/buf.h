/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* Growing text on an arena. Grows by doubling; what it outgrew stays in the arena until that is reset. */
struct buf {
    struct arena *arena;
    char *p;
    size_t n;
    size_t cap;
};

static inline struct buf buf_on(struct arena *a)
{
    return (struct buf){ .arena = a };
}

char *buf_reserve(struct buf *b, size_t n); /* room for n more bytes, at the returned place; buf_n grows when written */
void buf_put(struct buf *b, struct str s);
void buf_putc(struct buf *b, char ch);
void buf_i64(struct buf *b, int64_t v); /* decimal */
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);

static inline struct str buf_str(const struct buf *b)
{
    return (struct str){ b->p, b->n };
}
