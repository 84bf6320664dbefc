/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/tail.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CAP_MIN     4
#define MALLOC_HEAD 16 /* what the allocator adds to a block, about */

size_t tail_below(const struct tail *t, int64_t id)
{
    if (t->n == 0 || t->ids[t->n - 1] < id)
        return t->n; /* the common case: something new */
    size_t lo = 0;
    for (size_t hi = t->n; lo < hi;) {
        size_t mid = (lo + hi) / 2;
        if (t->ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Moves `n` entries from place `from` to place `to` of another block or the same. */
static void move(struct tail *to_tail, size_t to, const struct tail *t, size_t from, size_t n)
{
    memmove(to_tail->ids + to, t->ids + from, n * sizeof(int64_t));
    memmove(tail_others(to_tail) + to, tail_others(t) + from, n * sizeof(uint32_t));
    memmove(tail_flags(to_tail) + to, tail_flags(t) + from, n);
    memmove(tail_langs(to_tail) + to, tail_langs(t) + from, n);
}

static void put(struct tail *t, size_t at, const struct entry *e)
{
    t->ids[at] = e->id;
    tail_others(t)[at] = e->other;
    tail_flags(t)[at] = e->flags;
    tail_langs(t)[at] = e->lang;
}

/* A block for `cap` entries, those that are there moved `shift` places up. */
static int64_t resize(struct tail *t, size_t cap, size_t shift)
{
    assert(cap >= t->n + shift && cap <= UINT16_MAX);
    int64_t freed = t->borrowed || t->ids == NULL ? 0 : (int64_t)tail_block_bytes(t->cap) + MALLOC_HEAD;
    struct tail bigger = { .ids = malloc(tail_block_bytes(cap)), .cap = (uint16_t)cap, .n = t->n, .from = t->from };
    if (bigger.ids == NULL)
        abort();
    if (t->n > 0)
        move(&bigger, shift, t, 0, t->n);
    tail_free(t);
    *t = bigger;
    return (int64_t)tail_block_bytes(cap) + MALLOC_HEAD - freed;
}

/* The oldest `n` entries go and are not known any more. */
static void drop_oldest(struct tail *t, size_t n)
{
    t->from = t->ids[n - 1] + 1;
    move(t, 0, t, n, t->n - n);
    t->n = (uint16_t)(t->n - n);
}

int64_t tail_add(struct tail *t, const struct entry *e, size_t max)
{
    int64_t bytes = 0;
    size_t at = tail_below(t, e->id);
    if (e->id < t->from || (at < t->n && t->ids[at] == e->id))
        return 0;
    if (t->n >= max) {
        drop_oldest(t, max / 4 + 1);
        if (e->id < t->from)
            return 0;
        at = tail_below(t, e->id);
    }
    if (t->n == t->cap)
        bytes = resize(t, t->cap < CAP_MIN ? CAP_MIN : (size_t)t->cap + t->cap / 2, 0);
    move(t, at + 1, t, at, t->n - at);
    put(t, at, e);
    t->n++;
    return bytes;
}

int64_t tail_prepend(struct tail *t, const struct entry *e, size_t n, int64_t from)
{
    int64_t bytes = 0;
    assert(from <= t->from && (n == 0 || t->n == 0 || e[n - 1].id < t->ids[0]));
    if (n > 0 && (size_t)t->n + n > t->cap)
        bytes = resize(t, (size_t)t->n + n, n);
    else if (n > 0)
        move(t, n, t, 0, t->n);
    for (size_t i = 0; i < n; i++)
        put(t, i, &e[i]);
    t->n = (uint16_t)(t->n + n);
    t->from = from;
    return bytes;
}

static bool find(const struct tail *t, int64_t id, size_t *at)
{
    *at = tail_below(t, id);
    return *at < t->n && t->ids[*at] == id;
}

bool tail_remove(struct tail *t, int64_t id)
{
    size_t at = 0;
    if (!find(t, id, &at))
        return false;
    move(t, at, t, at + 1, t->n - at - 1);
    t->n--;
    return true;
}

bool tail_set_flags(struct tail *t, int64_t id, uint8_t flags, uint8_t mask)
{
    size_t at = 0;
    if (!find(t, id, &at))
        return false;
    tail_flags(t)[at] = (uint8_t)((tail_flags(t)[at] & ~mask) | (flags & mask));
    return true;
}

size_t tail_trim(struct tail *t, int64_t floor, size_t keep)
{
    size_t n = tail_below(t, floor);
    if (n + keep > t->n)
        n = t->n > keep ? t->n - keep : 0;
    if (n > 0)
        drop_oldest(t, n);
    return n;
}

int64_t tail_fit(struct tail *t)
{
    if (t->borrowed || t->cap <= 2 * CAP_MIN || t->n > t->cap / 2)
        return 0;
    return resize(t, t->n < CAP_MIN ? CAP_MIN : t->n, 0);
}

void tail_free(struct tail *t)
{
    if (!t->borrowed)
        free(t->ids);
    t->ids = NULL;
    t->borrowed = false;
}
