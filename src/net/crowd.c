/* SPDX-License-Identifier: Apache-2.0 */
#include "net/crowd.h"

#include <assert.h>
#include <stdlib.h>

#include "base/locks.h"

#define BUCKETS 4096

struct member {
    struct member *next;
    struct net_addr addr;
    int n;
};

struct crowd {
    struct lock lock;
    int max;
    struct member *buckets[BUCKETS];
};

struct crowd *crowd_new(int max)
{
    struct crowd *c = calloc(1, sizeof *c);
    if (c == NULL)
        abort();
    lock_init(&c->lock, LOCK_NET_CROWD);
    c->max = max;
    return c;
}

void crowd_free(struct crowd **c)
{
    if (*c == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct member *m = (*c)->buckets[i], *next = NULL; m != NULL; m = next) {
            next = m->next;
            free(m);
        }
    }
    lock_fini(&(*c)->lock);
    free(*c);
    *c = NULL;
}

/* The place in its chain where the party is, or would be. */
static struct member **place_of(struct crowd *c, const struct net_addr *party)
{
    uint64_t h = str_hash((struct str){ (const char *)party->b, sizeof party->b });
    struct member **at = &c->buckets[(h ^ h >> 32) % BUCKETS];
    while (*at != NULL && memcmp(&(*at)->addr, party, sizeof *party) != 0)
        at = &(*at)->next;
    return at;
}

bool crowd_has_room(struct crowd *c, const struct net_addr *a)
{
    struct net_addr party = net_addr_party(a);
    if (c->max == 0)
        return true;
    LOCKED(&c->lock);
    const struct member *m = *place_of(c, &party);
    return m == NULL || m->n < c->max;
}

void crowd_enter(struct crowd *c, const struct net_addr *a)
{
    struct net_addr party = net_addr_party(a);
    LOCKED(&c->lock);
    struct member **at = place_of(c, &party);
    if (*at == NULL) {
        *at = calloc(1, sizeof **at);
        if (*at == NULL)
            abort();
        (*at)->addr = party;
    }
    (*at)->n++;
}

void crowd_leave(struct crowd *c, const struct net_addr *a)
{
    struct net_addr party = net_addr_party(a);
    LOCKED(&c->lock);
    struct member **at = place_of(c, &party);
    struct member *m = *at;
    assert(m != NULL && m->n > 0);
    if (--m->n > 0)
        return;
    *at = m->next;
    free(m);
}
