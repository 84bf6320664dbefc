/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/lru.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 256

void lru_init(struct lru *c, lru_drop_fn *drop)
{
    *c = (struct lru){ .drop = drop };
}

static struct lru_node **slot_of(const struct lru *c, int64_t key)
{
    return &c->slots[lru_mix((uint64_t)key) & (c->slots_n - 1)];
}

int64_t lru_text_key(struct str text)
{
    uint64_t key = text.n;
    for (size_t i = 0; i < text.n; i += sizeof key) {
        uint64_t word = 0;
        memcpy(&word, text.p + i, text.n - i < sizeof word ? text.n - i : sizeof word);
        key = lru_mix(key ^ word);
    }
    return (int64_t)key;
}

struct lru_node *lru_find(const struct lru *c, int64_t key)
{
    if (c->slots_n == 0)
        return NULL;
    struct lru_node *n = *slot_of(c, key);
    while (n != NULL && n->key != key)
        n = n->chain;
    /* written only when it changes anything: the line stays shared between cores */
    if (n != NULL && !__atomic_load_n(&n->used, __ATOMIC_RELAXED))
        __atomic_store_n(&n->used, true, __ATOMIC_RELAXED);
    return n;
}

static void grow(struct lru *c)
{
    struct lru_node **old = c->slots;
    size_t old_n = c->slots_n;
    c->slots_n = old_n == 0 ? SLOTS_MIN : old_n * 2;
    c->slots = calloc(c->slots_n, sizeof(struct lru_node *));
    if (c->slots == NULL)
        abort();
    for (size_t i = 0; i < old_n; i++)
        for (struct lru_node *n = old[i], *next; n != NULL; n = next) {
            struct lru_node **at = slot_of(c, n->key);
            next = n->chain;
            n->chain = *at;
            *at = n;
        }
    free(old);
}

static void ring_in(struct lru *c, struct lru_node *n)
{
    n->newer = NULL;
    n->older = c->newest;
    if (c->newest != NULL)
        c->newest->newer = n;
    c->newest = n;
    if (c->oldest == NULL)
        c->oldest = n;
}

static void ring_out(struct lru *c, struct lru_node *n)
{
    *(n->newer != NULL ? &n->newer->older : &c->newest) = n->older;
    *(n->older != NULL ? &n->older->newer : &c->oldest) = n->newer;
}

void lru_take(struct lru *c, struct lru_node *node)
{
    struct lru_node **at = slot_of(c, node->key);
    while (*at != node)
        at = &(*at)->chain;
    *at = node->chain;
    ring_out(c, node);
    c->n--;
    c->bytes -= node->bytes;
}

/* Every entry is passed at most twice: once to clear its flag, once to drop it. */
static void shrink(struct lru *c, const struct lru_node *keep)
{
    for (size_t steps = 2 * c->n; c->bytes > c->bytes_max && steps > 0; steps--) {
        struct lru_node *n = c->oldest;
        if (n == keep || n->used) {
            n->used = false;
            ring_out(c, n);
            ring_in(c, n);
        } else {
            lru_take(c, n);
            c->drop(n);
            c->evicted++;
        }
    }
}

void lru_put(struct lru *c, struct lru_node *node)
{
    if (c->n >= c->slots_n)
        grow(c);
    struct lru_node **at = slot_of(c, node->key);
    node->chain = *at;
    node->used = false;
    *at = node;
    ring_in(c, node);
    c->n++;
    c->bytes += node->bytes;
    shrink(c, node);
}

void lru_resized(struct lru *c, struct lru_node *node, size_t bytes)
{
    assert(c->bytes >= node->bytes);
    c->bytes = c->bytes - node->bytes + bytes;
    node->bytes = bytes;
    shrink(c, node);
}

void lru_fini(struct lru *c)
{
    while (c->oldest != NULL) {
        struct lru_node *n = c->oldest;
        lru_take(c, n);
        c->drop(n);
    }
    free(c->slots);
    *c = (struct lru){ 0 };
}
