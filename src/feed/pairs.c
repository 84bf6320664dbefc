/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/pairs.h"

#include <stdlib.h>

#include "feed/lru.h"

#define SLOTS_MIN 64

void pairs_fini(struct pairs *p)
{
    free(p->slots);
    *p = (struct pairs){ 0 };
}

/* The pair's place, or the free one where it would stand. */
static struct pair *place(const struct pairs *p, int64_t status_id, int64_t account_id)
{
    size_t mask = p->slots_n - 1;
    size_t i = lru_mix((uint64_t)status_id ^ lru_mix((uint64_t)account_id)) & mask;
    while (p->slots[i].status_id != 0 && (p->slots[i].status_id != status_id || p->slots[i].account_id != account_id))
        i = (i + 1) & mask;
    return &p->slots[i];
}

bool pairs_has(const struct pairs *p, int64_t status_id, int64_t account_id)
{
    return p->slots_n > 0 && place(p, status_id, account_id)->status_id != 0;
}

/* All pairs of parleys from `floor` on into a table of `slots_n` places. */
static void rebuild(struct pairs *p, size_t slots_n, int64_t floor)
{
    struct pairs fresh = { .slots = calloc(slots_n, sizeof(struct pair)), .slots_n = slots_n };
    if (fresh.slots == NULL)
        abort();
    for (size_t i = 0; i < p->slots_n; i++)
        if (p->slots[i].status_id != 0 && p->slots[i].status_id >= floor) {
            *place(&fresh, p->slots[i].status_id, p->slots[i].account_id) = p->slots[i];
            fresh.n++;
        }
    pairs_fini(p);
    *p = fresh;
}

void pairs_add(struct pairs *p, int64_t status_id, int64_t account_id)
{
    if ((p->n + 1) * 2 > p->slots_n)
        rebuild(p, p->slots_n == 0 ? SLOTS_MIN : p->slots_n * 2, 0);
    struct pair *at = place(p, status_id, account_id);
    p->n += at->status_id == 0;
    *at = (struct pair){ status_id, account_id };
}

void pairs_trim(struct pairs *p, int64_t floor)
{
    size_t left = 0;
    size_t slots_n = SLOTS_MIN;
    for (size_t i = 0; i < p->slots_n; i++)
        left += p->slots[i].status_id != 0 && p->slots[i].status_id >= floor;
    if (left == p->n)
        return;
    while (slots_n < left * 4)
        slots_n *= 2;
    rebuild(p, slots_n, floor);
}
