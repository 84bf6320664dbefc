/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Entries by key, within a number of bytes; who was not asked for lately goes first (CLOCK: a hit only sets a flag, so that
   many threads may look at once). Intrusive: an entry begins with its struct cache_node. Guarded by the owner's lock: shared
   for cache_find, exclusive for everything else. */
struct cache_node {
    int64_t key;
    struct cache_node *chain; /* next with the same hash */
    struct cache_node *newer;
    struct cache_node *older;
    size_t bytes; /* that the entry counts for */
    bool used;    /* since the hand last passed; atomic, relaxed */
};

/* Frees an entry that is no longer in the cache. */
typedef void cache_drop_fn(struct cache_node *node);

struct cache {
    struct cache_node **slots;
    size_t slots_n; /* a power of two; 0 before the first entry */
    size_t n;
    size_t bytes;
    size_t bytes_max;
    struct cache_node *newest;
    struct cache_node *oldest;
    cache_drop_fn *drop;
};

void cache_init(struct cache *c, cache_drop_fn *drop);
void cache_fini(struct cache *c); /* drops all */
struct cache_node *cache_find(const struct cache *c, int64_t key);
/* The key must not be there. May drop others, never `node`. */
void cache_put(struct cache *c, struct cache_node *node);
void cache_take(struct cache *c, struct cache_node *node); /* out of the cache; the caller has it */
void cache_resized(struct cache *c, struct cache_node *node, size_t bytes);

/* Spreads keys whose low bits are alike (Steele, Lea, Flood 2014: SplitMix64's finalizer). */
static inline uint64_t cache_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}
