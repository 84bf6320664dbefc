/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define CHUNK_BYTES ((size_t)16 * 1024)
#define ALIGNMENT   (sizeof(max_align_t))

struct chunk {
    struct chunk *next;
    size_t used;
    size_t size;
    max_align_t mem[];
};

struct arena {
    struct chunk *head; /* the chunk that is being filled */
};

static struct chunk *chunk_new(size_t size)
{
    struct chunk *k = malloc(sizeof *k + size);
    if (k == NULL)
        abort();
    *k = (struct chunk){ .size = size };
    return k;
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (a == NULL)
        abort();
    a->head = chunk_new(CHUNK_BYTES);
    return a;
}

void arena_free(struct arena **a)
{
    if (*a == NULL)
        return;
    for (struct chunk *k = (*a)->head, *next; k != NULL; k = next) {
        next = k->next;
        free(k);
    }
    free(*a);
    *a = NULL;
}

void arena_reset(struct arena *a)
{
    while (a->head->next != NULL) {
        struct chunk *old = a->head;
        a->head = old->next;
        free(old);
    }
    a->head->used = 0;
}

void *arena_alloc_raw(struct arena *a, size_t size)
{
    size_t n = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (n < size)
        abort();
    if (a->head->size - a->head->used < n) {
        struct chunk *k = chunk_new(n > CHUNK_BYTES ? n : CHUNK_BYTES);
        k->next = a->head;
        a->head = k;
    }
    void *p = (char *)a->head->mem + a->head->used;
    a->head->used += n;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(arena_alloc_raw(a, size), 0, size);
}

void *arena_alloc_array(struct arena *a, size_t n, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(n, size, &bytes))
        abort();
    return arena_alloc(a, bytes);
}

struct str arena_str(struct arena *a, struct str s)
{
    char *p = arena_alloc_raw(a, s.n + 1);
    if (s.n > 0)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return (struct str){ p, s.n };
}

const char *arena_cstr(struct arena *a, struct str s)
{
    return arena_str(a, s).p;
}

struct str arena_vstrf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        abort();
    char *p = arena_alloc_raw(a, (size_t)n + 1);
    (void)vsnprintf(p, (size_t)n + 1, fmt, ap);
    return (struct str){ p, (size_t)n };
}

struct str arena_strf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str s = arena_vstrf(a, fmt, ap);
    va_end(ap);
    return s;
}
