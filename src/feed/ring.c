/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/ring.h"

#include <string.h>

#include "feed/span.h"

void ring_init(struct ring *r, size_t keep)
{
    *r = (struct ring){ .keep = keep };
    r->ids = span_map(keep * 2 * sizeof(int64_t));
    r->authors = span_map(keep * 2 * sizeof(uint32_t));
}

void ring_fini(struct ring *r)
{
    span_unmap(r->ids, r->keep * 2 * sizeof(int64_t));
    span_unmap(r->authors, r->keep * 2 * sizeof(uint32_t));
    *r = (struct ring){ 0 };
}

size_t ring_below(const struct ring *r, int64_t id)
{
    if (r->n == 0 || r->ids[r->n - 1] < id)
        return r->n;
    size_t lo = 0;
    for (size_t hi = r->n; lo < hi;) {
        size_t mid = (lo + hi) / 2;
        if (r->ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void move(struct ring *r, size_t to, size_t from, size_t n)
{
    memmove(r->ids + to, r->ids + from, n * sizeof(int64_t));
    memmove(r->authors + to, r->authors + from, n * sizeof(uint32_t));
}

void ring_add(struct ring *r, int64_t id, uint32_t author)
{
    size_t at = ring_below(r, id);
    if (id < r->from || (at < r->n && r->ids[at] == id))
        return;
    if (r->n == r->keep * 2) {
        size_t gone = r->n - r->keep;
        r->from = r->ids[gone - 1] + 1;
        move(r, 0, gone, r->keep);
        r->n = r->keep;
        if (id < r->from)
            return;
        at = ring_below(r, id);
    }
    move(r, at + 1, at, r->n - at);
    r->ids[at] = id;
    r->authors[at] = author;
    r->n++;
}

void ring_remove(struct ring *r, int64_t id)
{
    size_t at = ring_below(r, id);
    if (at == r->n || r->ids[at] != id)
        return;
    move(r, at, at + 1, r->n - at - 1);
    r->n--;
}

void ring_forget(struct ring *r, uint32_t author)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->authors[i] != author) {
            r->ids[n] = r->ids[i];
            r->authors[n++] = r->authors[i];
        }
    r->n = n;
}

size_t ring_bytes(const struct ring *r)
{
    return r->n * (sizeof(int64_t) + sizeof(uint32_t));
}
