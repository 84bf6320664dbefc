/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Prepared statements of one connection, found by their text. An engine's entry begins with a struct cached. The same
   text may be in use twice at once; then it has two entries. Used by whoever uses the connection. */
#define CACHE_SLOTS 256
#define CACHE_MAX   1024 /* entries kept; what is prepared beyond that is dropped after its use */

struct cached {
    struct cached *next;
    char *sql;
    size_t n;
    uint64_t hash;
    bool busy;
    bool kept;
};

struct cache {
    struct cached *slot[CACHE_SLOTS];
    size_t n;
};

/* An idle entry of this text, now busy; NULL when there is none. */
struct cached *cache_take(struct cache *k, struct str sql);
/* Takes in a new entry, busy; the text is copied. */
void cache_add(struct cache *k, struct cached *e, struct str sql);
/* Ends a use. True: the entry is not kept, the caller destroys what it holds and calls cache_forget. */
bool cache_give(struct cached *e);
void cache_forget(struct cached *e); /* frees the entry's text, not the entry */
/* Empties the cache; `drop` destroys an entry and frees it. */
void cache_clear(struct cache *k, void (*drop)(struct cached *e));
