/* SPDX-License-Identifier: Apache-2.0 */
/* feed_bench: microseconds of CPU of a home merge (20 entries, page 1 and 10) and of assembling the page, in one
   thread, everything in memory. 200,000 authors of 10 parleys; readers who follow 20, 200, 1,000 and 5,000 of them. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "api/assemble.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/rng.h"
#include "core/filter.h"
#include "engine.h"
#include "feed/feed.h"
#include "feed/inside.h"
#include "feed/sieve.h"
#include "store/schema.h"

#define AUTHORS       200000
#define POSTS         10
#define ROUNDS        20000
#define STATUS_BYTES  1500
#define ACCOUNT_BYTES 700

/* Of this thread: other work on the machine does not count. */
static int64_t cpu_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t author_at(int64_t now_ms, int i)
{
    return id_floor(now_ms - 40 * DAY_MS + i) + ((int64_t)(i * 7 % ID_BUCKETS) << ID_RAND_BITS);
}

static void put_rendered(struct feed *f, int64_t id, int64_t author)
{
    char text[STATUS_BYTES];
    const struct rendered *r = NULL;
    uint64_t ticket = 0;
    memset(text, 'x', sizeof text);
    feed_rendered_status(f, id, &r, &ticket);
    struct rendered s = { .id = id,
                          .account_id = author,
                          .thread_id = id,
                          .bytes = { text, sizeof text },
                          .slots_n = 2,
                          .slots = { { 500, SLOT_ACCOUNT, author }, { STATUS_BYTES - 1, SLOT_MARKS, id } } };
    if (r == NULL)
        feed_rendered_put_status(f, &s, ticket);
    feed_rendered_release(f, &r);
    feed_rendered_account(f, author, &r, &ticket);
    struct rendered a = { .id = author, .account_id = author, .bytes = { text, ACCOUNT_BYTES } };
    if (r == NULL)
        feed_rendered_put_account(f, &a, ticket);
    feed_rendered_release(f, &r);
}

static void follow(struct ctx *c, int64_t reader, int n)
{
    struct graph *g = &c->feed->graph;
    struct follow_in *in = calloc((size_t)n, sizeof *in);
    for (int i = 0; i < n; i++)
        in[i] = (struct follow_in){ .who = 1 + (uint32_t)rand_below(c, AUTHORS), .reblogs = true };
    WRITING(&g->lock);
    struct reader *r = reader_made(&g->readers, &g->authors, reader);
    reader_set_follows(&g->readers, r, in, (size_t)n);
    reader_set_hides(&g->readers, r, NULL, 0);
    reader_set_marks(&g->readers, r, (struct idset[MARKS_KINDS]){ 0 });
    free(in);
}

static double merge_us(struct ctx *c, int64_t reader, int64_t max_id, int64_t *last)
{
    int64_t *ids = NULL;
    int64_t n = 0;
    struct page p = { .limit = 20, .max_id = max_id };
    int64_t from = cpu_us();
    for (int i = 0; i < ROUNDS; i++) {
        MUST(feed_home(c, reader, &p, &ids, &n), c);
        if (i < ROUNDS - 1)
            arena_reset(c->arena);
    }
    double us = (double)(cpu_us() - from) / ROUNDS;
    *last = n > 0 ? ids[n - 1] : 0;
    return us;
}

static double assemble_us(struct ctx *c, struct db *db, int64_t reader)
{
    int64_t *ids = NULL;
    int64_t mine[20];
    int64_t n = 0;
    struct account me = { .id = reader };
    struct http_req q = { 0 };
    MUST(feed_home(c, reader, &(struct page){ .limit = 20 }, &ids, &n), c);
    memcpy(mine, ids, (size_t)n * sizeof *ids);
    for (int64_t i = 0; i < n; i++)
        put_rendered(c->feed, ids[i], ids[i] + 1);
    struct sieve *none = NULL;
    c->me = &me;
    c->db = db;
    MUST(filter_sieve(c, &none), c); /* in memory from here on: the reader has no filters */
    sieve_release(&none);
    c->db = NULL;
    int64_t from = cpu_us();
    for (int i = 0; i < ROUNDS; i++) {
        struct http_res r = { .arena = c->arena };
        MUST(reply_statuses(c, &q, &r, FILTER_HOME, mine, n), c);
        free(r.body_owned);
        arena_reset(c->arena);
    }
    c->me = NULL;
    return (double)(cpu_us() - from) / ROUNDS;
}

int main(void)
{
    static const int followed[] = { 20, 200, 1000, 5000 };
    struct ctx c = { .arena = arena_new(), .idgen = idgen_new(), .now_ms = clock_now_ms(), .id = STR("bench") };
    struct engine e;
    struct db_pool *pool = NULL;
    rand_seed_fixed(&c, 1);
    engine_init(&e, &c);
    MUST(db_pool_open(&c, &e.options, &pool), &c);
    MUST(db_open(&c, pool, &c.db), &c);
    MUST(schema_migrate(&c, NULL, NULL), &c);
    c.feed = feed_new(&(struct feed_options){ .budget = (size_t)1 << 30, .tail_days = 30, .tail_max = 400 });
    MUST(feed_load(&c), &c);
    struct db *db = c.db;
    c.db = NULL; /* from memory or not at all */
    for (int i = 0; i < AUTHORS * POSTS; i++) {
        int64_t author = author_at(c.now_ms, i < AUTHORS ? i : (int)rand_below(&c, AUTHORS));
        int64_t ms = c.now_ms - 29 * DAY_MS + (int64_t)i * (29 * DAY_MS / (AUTHORS * POSTS));
        struct status s = { .id = id_floor(ms) + i % 512, .account_id = author, .visibility = VIS_PUBLIC };
        feed_status_added(c.feed, &s);
    }
    for (size_t k = 0; k < sizeof followed / sizeof followed[0]; k++) {
        int64_t reader = id_floor(c.now_ms) + (int64_t)k;
        int64_t last = 0;
        follow(&c, reader, followed[k]);
        double first = merge_us(&c, reader, 0, &last);
        double tenth = 0;
        for (int page = 2; page <= 10; page++)
            tenth = merge_us(&c, reader, last, &last);
        (void)printf("follows %5d: merge page 1 %6.2f us, page 10 %6.2f us, assemble %5.2f us\n", followed[k], first,
                     tenth, assemble_us(&c, db, reader));
    }
    db_close(&db);
    feed_free(&c.feed);
    db_pool_close(&pool);
    engine_fini(&e);
    idgen_free(&c.idgen);
    arena_free(&c.arena);
    return 0;
}
