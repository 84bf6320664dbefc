/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/span.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

#define STEP ((size_t)256 * 1024)      /* opened at a time */
#define HUGE ((size_t)4 * 1024 * 1024) /* from this size on huge pages are worth the memory they round up to */

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

void span_init(struct span *s, size_t element, size_t n_max)
{
    size_t bytes = round_up(element * n_max, STEP);
    void *p = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        abort();
    *s = (struct span){ .p = p, .element = element, .n_max = n_max };
}

void span_fini(struct span *s)
{
    if (s->p != NULL)
        (void)munmap(s->p, round_up(s->element * s->n_max, STEP));
    *s = (struct span){ 0 };
}

void span_need(struct span *s, size_t n)
{
    assert(n <= s->n_max);
    size_t need = n * s->element;
    if (need <= s->open)
        return;
    size_t open = round_up(need, need < HUGE ? STEP : HUGE);
    if (open > round_up(s->element * s->n_max, STEP))
        open = round_up(need, STEP);
    if (mprotect(s->p, open, PROT_READ | PROT_WRITE) != 0)
        abort();
    if (open >= HUGE)
        (void)madvise(s->p, open, MADV_HUGEPAGE); /* advice: a kernel without it is only slower */
    s->open = open;
}

void *span_map(size_t bytes)
{
    void *p = mmap(NULL, round_up(bytes + 1, STEP), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        abort();
    if (bytes >= HUGE)
        (void)madvise(p, bytes, MADV_HUGEPAGE);
    return p;
}

void span_unmap(void *p, size_t bytes)
{
    if (p != NULL)
        (void)munmap(p, round_up(bytes + 1, STEP));
}
