/* SPDX-License-Identifier: Apache-2.0 */
#include "db/cache.h"

#include <stdlib.h>

struct cached *cache_take(struct cache *k, struct str sql)
{
    uint64_t h = str_hash(sql);
    for (struct cached *e = k->slot[h % CACHE_SLOTS]; e != NULL; e = e->next) {
        if (!e->busy && e->hash == h && e->n == sql.n && memcmp(e->sql, sql.p, sql.n) == 0) {
            e->busy = true;
            return e;
        }
    }
    return NULL;
}

void cache_add(struct cache *k, struct cached *e, struct str sql)
{
    e->sql = malloc(sql.n + 1);
    if (e->sql == NULL)
        abort();
    memcpy(e->sql, sql.p, sql.n);
    e->sql[sql.n] = '\0';
    e->n = sql.n;
    e->hash = str_hash(sql);
    e->busy = true;
    e->kept = k->n < CACHE_MAX;
    if (!e->kept)
        return;
    k->n++;
    e->next = k->slot[e->hash % CACHE_SLOTS];
    k->slot[e->hash % CACHE_SLOTS] = e;
}

bool cache_give(struct cached *e)
{
    e->busy = false;
    return !e->kept;
}

void cache_forget(struct cached *e)
{
    free(e->sql);
    e->sql = NULL;
}

void cache_clear(struct cache *k, void (*drop)(struct cached *e))
{
    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        while (k->slot[i] != NULL) {
            struct cached *e = k->slot[i];
            k->slot[i] = e->next;
            drop(e);
        }
    }
    k->n = 0;
}
