/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/authors.h"

#include <assert.h>
#include <stdlib.h>

#include "feed/lru.h"

#define SLOTS_MIN 1024

void authors_init(struct authors *a, size_t tail_max)
{
    assert(tail_max > 0 && tail_max <= TAIL_CAP_MAX);
    *a = (struct authors){ .tail_max = tail_max, .n = 1, .tails_n = 1, .langs_n = 1 };
    span_init(&a->ids, sizeof(int64_t), AUTHORS_MAX);
    span_init(&a->newest, sizeof(int64_t), AUTHORS_MAX);
    span_init(&a->tail_of, sizeof(uint32_t), AUTHORS_MAX);
    span_init(&a->states, 1, AUTHORS_MAX);
    span_init(&a->tails, sizeof(struct tail), AUTHORS_MAX);
    span_need(&a->ids, 1);
    span_need(&a->newest, 1);
    span_need(&a->tail_of, 1);
    span_need(&a->states, 1);
    authors_expect(a, SLOTS_MIN / 2);
}

void authors_fini(struct authors *a)
{
    for (uint32_t i = 1; i < a->tails_n; i++)
        tail_free(&((struct tail *)a->tails.p)[i]);
    span_fini(&a->ids);
    span_fini(&a->newest);
    span_fini(&a->tail_of);
    span_fini(&a->states);
    span_fini(&a->tails);
    span_unmap(a->slots, a->slots_n * sizeof(uint32_t));
    span_unmap(a->borrowed, a->borrowed_bytes);
    pairs_fini(&a->directs);
    *a = (struct authors){ 0 };
}

static uint32_t *slot_of(const struct authors *a, int64_t id)
{
    const int64_t *ids = a->ids.p;
    size_t mask = a->slots_n - 1;
    size_t i = lru_mix((uint64_t)id) & mask;
    while (a->slots[i] != 0 && ids[a->slots[i]] != id)
        i = (i + 1) & mask;
    return &a->slots[i];
}

/* Doubling pauses the graph for about 50 ns an account; at the start the table is sized for all that are known. */
void authors_expect(struct authors *a, size_t n)
{
    size_t slots_n = a->slots_n == 0 ? SLOTS_MIN : a->slots_n;
    while (n + n / 3 > slots_n)
        slots_n *= 2;
    if (slots_n == a->slots_n)
        return;
    span_unmap(a->slots, a->slots_n * sizeof(uint32_t));
    a->slots = span_map(slots_n * sizeof(uint32_t));
    a->slots_n = slots_n;
    for (uint32_t i = 1; i < a->n; i++)
        *slot_of(a, author_id(a, i)) = i;
}

uint32_t authors_find(const struct authors *a, int64_t id)
{
    return id == 0 ? 0 : *slot_of(a, id);
}

uint32_t authors_number(struct authors *a, int64_t id)
{
    uint32_t found = authors_find(a, id);
    if (found != 0 || id == 0)
        return found;
    uint32_t i = a->n;
    span_need(&a->ids, (size_t)i + 1);
    span_need(&a->newest, (size_t)i + 1);
    span_need(&a->tail_of, (size_t)i + 1);
    span_need(&a->states, (size_t)i + 1);
    authors_expect(a, (size_t)i + 1);
    ((int64_t *)a->ids.p)[i] = id;
    *slot_of(a, id) = i;
    a->n++;
    return i;
}

/* 0: not met. */
static uint8_t find_lang(const struct authors *a, struct str code)
{
    if (code.n == 0)
        return 0;
    for (unsigned i = 1; i < a->langs_n; i++)
        if (str_eq(str_c(a->langs[i]), code))
            return (uint8_t)i;
    return a->langs_n == LANGS_MAX || code.n >= sizeof a->langs[0] ? LANGS_MAX : 0;
}

uint8_t authors_lang(struct authors *a, struct str code)
{
    uint8_t found = find_lang(a, code);
    if (found != 0 || code.n == 0)
        return found;
    memcpy(a->langs[a->langs_n], code.p, code.n);
    return (uint8_t)a->langs_n++;
}

static void refresh_newest(struct authors *a, uint32_t i)
{
    const struct tail *t = author_tail(a, i);
    int64_t newest = 0;
    if (t != NULL && t->n > 0)
        newest = t->ids[t->n - 1];
    if (t != NULL && t->from > a->from && newest < t->from - 1)
        newest = t->from - 1;
    if ((author_state(a, i) & AUTHOR_UNSURE) != 0)
        newest = AUTHOR_ASK;
    else if ((author_state(a, i) & AUTHOR_HIDDEN) != 0)
        newest = 0;
    ((int64_t *)a->newest.p)[i] = newest;
}

static struct tail *tail_made(struct authors *a, uint32_t author)
{
    struct tail *t = author_tail(a, author);
    if (t != NULL)
        return t;
    span_need(&a->tails, (size_t)a->tails_n + 1);
    ((uint32_t *)a->tail_of.p)[author] = a->tails_n;
    t = &((struct tail *)a->tails.p)[a->tails_n++];
    *t = (struct tail){ .from = a->from };
    return t;
}

void authors_add(struct authors *a, uint32_t author, const struct entry *e)
{
    struct tail *t = tail_made(a, author);
    int64_t before = t->n;
    a->tail_bytes += tail_add(t, e, a->tail_max);
    a->entries += t->n - before;
    refresh_newest(a, author);
}

bool authors_remove(struct authors *a, uint32_t author, int64_t id)
{
    struct tail *t = author_tail(a, author);
    bool removed = t != NULL && tail_remove(t, id);
    a->entries -= removed;
    if (removed)
        refresh_newest(a, author);
    return removed;
}

void authors_set_flags(struct authors *a, uint32_t author, int64_t id, uint8_t flags, uint8_t mask)
{
    struct tail *t = author_tail(a, author);
    if (t != NULL)
        (void)tail_set_flags(t, id, flags, mask);
}

void authors_prepend(struct authors *a, uint32_t author, const struct entry *e, size_t n, int64_t from)
{
    struct tail *t = tail_made(a, author);
    a->tail_bytes += tail_prepend(t, e, n, from);
    a->entries += (int64_t)n;
    refresh_newest(a, author);
}

void authors_borrow(struct authors *a, uint32_t author, const struct tail *t)
{
    *tail_made(a, author) = *t;
    a->tail_bytes += (int64_t)tail_block_bytes(t->cap);
    a->entries += t->n;
    refresh_newest(a, author);
}

void authors_set_state(struct authors *a, uint32_t author, uint8_t state)
{
    ((uint8_t *)a->states.p)[author] = state;
    refresh_newest(a, author);
}

uint32_t authors_trim(struct authors *a, uint32_t at, uint32_t n, int64_t floor, size_t keep)
{
    uint32_t end = a->n - at < n ? a->n : at + n;
    for (uint32_t i = at; i < end; i++) {
        struct tail *t = author_tail(a, i);
        if (t == NULL)
            continue;
        size_t gone = tail_trim(t, floor, keep);
        a->entries -= (int64_t)gone;
        if (gone > 0)
            refresh_newest(a, i);
        a->tail_bytes += tail_fit(t);
    }
    return end;
}

void authors_trim_directs(struct authors *a, int64_t floor)
{
    pairs_trim(&a->directs, floor);
    if (a->directs.n > 0 && floor > a->directs_from)
        a->directs_from = floor;
}

void authors_forget(struct authors *a, uint32_t author)
{
    struct tail *t = author_tail(a, author);
    if (t == NULL)
        return;
    a->entries -= t->n;
    t->n = 0;
    refresh_newest(a, author);
}

size_t authors_bytes(const struct authors *a)
{
    size_t spans = a->ids.open + a->newest.open + a->tail_of.open + a->states.open + a->tails.open;
    return spans + a->slots_n * sizeof(uint32_t) + (size_t)a->tail_bytes + a->directs.slots_n * sizeof(struct pair);
}
