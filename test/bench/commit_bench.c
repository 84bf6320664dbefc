/* SPDX-License-Identifier: Apache-2.0 */
/* How many durable transactions a second the store takes: commit_bench URL [threads] [seconds]. A transaction is three
   inserts with an index each, about a post of 300 bytes; every thread waits for its own commit. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "db/db.h"

#define THREADS_MAX 1024

static const struct db_migration schema[] = {
    { 1, "bench",
      "CREATE TABLE post (@BUCKET_ID, author BIGINT NOT NULL, body TEXT NOT NULL) @SHARDED;"
      "CREATE INDEX post_by_author ON post @ON(bucket, author, id DESC);"
      "CREATE TABLE mention (bucket INTEGER NOT NULL, post BIGINT NOT NULL, account BIGINT NOT NULL,"
      " @KEY(bucket, post, account)) @SHARDED_KEYED;"
      "CREATE TABLE job (@BUCKET_ID, kind INTEGER NOT NULL, run_ms BIGINT NOT NULL) @SHARDED;"
      "CREATE INDEX job_by_time ON job @ON(bucket, run_ms);" },
};

struct bench {
    struct db_pool *pool;
    _Atomic bool stop;
    _Atomic int64_t done;
    _Atomic int64_t us_max;
};

struct client {
    pthread_t thread;
    struct bench *bench;
    int64_t number;
};

static void must(enum err e, const struct ctx *c)
{
    if (e == OK)
        return;
    (void)fprintf(stderr, "error %d: " STR_FMT "\n", (int)e, STR_ARG(c->says));
    exit(1);
}

static enum err insert3(struct ctx *c, const char *sql, int64_t id, int64_t a, struct str body)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, str_c(sql), &st));
    db_bind_i64(st, 1, id);
    db_bind_i64(st, 2, a);
    if (body.p != NULL)
        db_bind_str(st, 3, body);
    return db_run(c, st, NULL);
}

static enum err publish(struct ctx *c, int64_t id, int64_t author)
{
    static const char text[300] = "A post of ordinary length.";
    TRY(db_begin(c));
    TRY(insert3(c, "INSERT INTO post (bucket, id, author, body) VALUES (7, $1, $2, $3)", id, author,
                (struct str){ text, 26 }));
    TRY(insert3(c, "INSERT INTO mention (bucket, post, account) VALUES (7, $1, $2)", id, author,
                (struct str){ NULL, 0 }));
    TRY(insert3(c, "INSERT INTO job (bucket, id, kind, run_ms) VALUES (7, $1, 1, $2)", id, id,
                (struct str){ NULL, 0 }));
    return db_commit(c);
}

static void *client_run(void *arg)
{
    struct client *m = arg;
    struct bench *b = m->bench;
    struct ctx c = { .arena = arena_new() };
    must(db_open(&c, b->pool, &c.db), &c);
    for (int64_t i = 0; !b->stop; i++) {
        int64_t begun_us = clock_monotonic_us();
        arena_reset(c.arena);
        must(publish(&c, i * THREADS_MAX + m->number, m->number), &c); /* ids in the order of time, as ours are */
        int64_t us = clock_monotonic_us() - begun_us;
        b->done++;
        if (us > b->us_max)
            b->us_max = us;
    }
    db_close(&c.db);
    arena_free(&c.arena);
    return NULL;
}

static void report(struct ctx *c, const struct bench *b, int threads, double seconds)
{
    struct db_info info;
    must(db_info(c, &info), c);
    (void)printf("%s: %d threads, %.0f transactions/s, %.1f transactions a cohort, longest %.0f ms\n",
                 arena_cstr(c->arena, info.engine_version), threads, (double)b->done / seconds,
                 (double)info.transactions / (double)info.commits, (double)b->us_max / 1000);
}

int main(int argc, char **argv)
{
    static struct client clients[THREADS_MAX];
    struct bench b = { .stop = false };
    struct ctx c = { .arena = arena_new() };
    if (argc < 2) {
        (void)fprintf(stderr, "usage: %s URL [threads] [seconds]; the store must be empty\n", argv[0]);
        return 2;
    }
    int threads = argc > 2 ? atoi(argv[2]) : 128;
    int seconds = argc > 3 ? atoi(argv[3]) : 5;
    struct db_options o = { .url = str_c(argv[1]), .cohort_max = 128 };
    must(db_pool_open(&c, &o, &b.pool), &c);
    must(db_open(&c, b.pool, &c.db), &c);
    must(db_migrate(&c, schema, 1, NULL, NULL), &c);
    int64_t begun_us = clock_monotonic_us();
    for (int i = 0; i < threads && i < THREADS_MAX; i++) {
        clients[i] = (struct client){ .bench = &b, .number = i };
        if (pthread_create(&clients[i].thread, NULL, client_run, &clients[i]) != 0)
            return 1;
    }
    while (clock_monotonic_us() - begun_us < seconds * INT64_C(1000000))
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = 20000000 }, NULL);
    b.stop = true;
    for (int i = 0; i < threads && i < THREADS_MAX; i++)
        (void)pthread_join(clients[i].thread, NULL);
    report(&c, &b, threads, (double)(clock_monotonic_us() - begun_us) / 1e6);
    db_close(&c.db);
    db_pool_close(&b.pool);
    arena_free(&c.arena);
    return 0;
}
