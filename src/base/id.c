/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"

#include <assert.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/rng.h"

#define MS_MAX (((int64_t)1 << 42) - 1) /* what an id has room for: the year 2159 */

struct idgen {
    _Atomic int64_t last_ms;
};

int64_t id_floor(int64_t ms)
{
    if (ms <= ID_EPOCH_MS)
        return 0;
    return ms - ID_EPOCH_MS > MS_MAX ? INT64_MAX : (ms - ID_EPOCH_MS) << (ID_RAND_BITS + 12);
}

int64_t id_floor_dated(int64_t ms)
{
    if (ms >= ID_OLD_UNTIL_MS)
        return id_floor(ms);
    return ms <= ID_OLD_FROM_MS ? 0 : ((ms - ID_OLD_FROM_MS) / ID_OLD_STEP_MS) << (ID_RAND_BITS + 12);
}

int64_t id_at(int64_t ms, int64_t bucket)
{
    return id_floor_dated(ms) | bucket << ID_RAND_BITS;
}

int64_t id_behind(int64_t id, int64_t by)
{
    int64_t low = (id & ((1 << ID_RAND_BITS) - 1)) + by;
    int64_t slot = (id >> (ID_RAND_BITS + 12)) + (low >> ID_RAND_BITS);
    return slot << (ID_RAND_BITS + 12) | id_bucket(id) << ID_RAND_BITS | (low & ((1 << ID_RAND_BITS) - 1));
}

int64_t id_bucket_of(struct str value)
{
    unsigned char h[crypto_generichash_BYTES_MIN];
    (void)crypto_generichash(h, sizeof h, (const unsigned char *)value.p, value.n, NULL, 0);
    return ((int64_t)h[0] << 8 | h[1]) & (ID_BUCKETS - 1);
}

struct idgen *idgen_new(void)
{
    struct idgen *g = calloc(1, sizeof *g);
    if (g == NULL)
        abort();
    return g;
}

void idgen_free(struct idgen **g)
{
    free(*g);
    *g = NULL;
}

/* The larger of ms and what was reached before becomes the clock's value. */
static int64_t advance(struct idgen *g, int64_t ms)
{
    int64_t seen = atomic_load(&g->last_ms);
    while (seen < ms)
        if (atomic_compare_exchange_weak(&g->last_ms, &seen, ms))
            return ms;
    return seen;
}

void idgen_raise(struct idgen *g, int64_t newest_id)
{
    if (newest_id > 0)
        (void)advance(g, id_ms(newest_id) + 1);
}

/* A request's time is as old as the request has waited: that much behind is no clock that was stepped back. */
#define WAITED_MS 2000

/* Behind a clock that was stepped back each id takes a millisecond of its own: in one that stands still they would have
   no order, and 512 of a bucket at most. */
static int64_t tick(struct idgen *g, int64_t ms)
{
    if (atomic_load(&g->last_ms) - ms <= WAITED_MS)
        return advance(g, ms);
    return atomic_fetch_add(&g->last_ms, 1) + 1;
}

int64_t id_new(struct ctx *c, int64_t bucket)
{
    assert(bucket >= 0 && bucket < ID_BUCKETS);
    int64_t ms = tick(c->idgen, c->now_ms);
    int64_t dice = (int64_t)(rand_u64(c) >> (64 - ID_RAND_BITS));
    return id_floor(ms) | bucket << ID_RAND_BITS | dice;
}

int64_t id_new_bucket(struct ctx *c)
{
    return (int64_t)rand_below(c, ID_BUCKETS);
}

int id_compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

struct str id_text(struct arena *a, int64_t id)
{
    struct buf b = buf_on(a);
    buf_i64(&b, id);
    return buf_str(&b);
}

bool id_parse(struct str s, int64_t *out)
{
    return s.n > 0 && s.n <= ID_TEXT_MAX && s.p[0] != '-' && str_to_i64(s, out) && *out > 0;
}
