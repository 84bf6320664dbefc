/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Entries by key, within a number of bytes; who was not asked for lately goes first (CLOCK: a hit only sets a flag, so
   that many threads may look at once). Intrusive: an entry begins with its struct lru_node. Guarded by the owner's
   lock: shared for lru_find, exclusive for everything else. */
struct lru_node {
    int64_t key;
    struct lru_node *chain; /* next with the same hash */
    struct lru_node *newer;
    struct lru_node *older;
    size_t bytes; /* that the entry counts for */
    bool used;    /* since the hand last passed; atomic, relaxed */
};

/* Frees an entry that is no longer in it. */
typedef void lru_drop_fn(struct lru_node *node);

struct lru {
    struct lru_node **slots;
    size_t slots_n; /* a power of two; 0 before the first entry */
    size_t n;
    size_t bytes;
    size_t bytes_max;
    int64_t evicted; /* dropped for room, since the start */
    struct lru_node *newest;
    struct lru_node *oldest;
    lru_drop_fn *drop;
};

void lru_init(struct lru *c, lru_drop_fn *drop);
void lru_fini(struct lru *c); /* drops all */
struct lru_node *lru_find(const struct lru *c, int64_t key);
/* The key must not be there. May drop others, never `node`. */
void lru_put(struct lru *c, struct lru_node *node);
void lru_take(struct lru *c, struct lru_node *node); /* out of it; the caller has it */
void lru_resized(struct lru *c, struct lru_node *node, size_t bytes);

int64_t lru_text_key(struct str text);

/* Spreads keys whose low bits are alike (Steele, Lea, Flood 2014: SplitMix64's finalizer). */
static inline uint64_t lru_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}
