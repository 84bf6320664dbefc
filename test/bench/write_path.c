/* SPDX-License-Identifier: Apache-2.0 */
/* The write path without HTTP: threads that publish through core/ as the workers do, each member with ten followers.
   Prints durable parleys a second as its first word; `make bench` compares the server with it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/status.h"
#include "world.h"

#define THREADS_MAX 1024
#define FOLLOWERS   10

static atomic_bool stop;

struct author {
    struct world *world;
    struct account *me;
    pthread_t thread;
    int64_t written;
};

static void publish(struct ctx *c, int64_t n)
{
    struct status *s = NULL;
    struct status_draft d = {
        .text =
            arena_strf(c->arena,
                       "parley %lld: the tide tables are up for the week. If you are bringing the small boats in after "
                       "dark, please carry a lamp on the bow.",
                       (long long)n),
        .visibility = VIS_PUBLIC,
    };
    MUST(status_publish(c, &d, &s), c);
}

static void *author_main(void *arg)
{
    struct author *a = arg;
    struct ctx c = world_ctx(a->world, a->me);
    struct arena *work = arena_new();
    struct arena *own = c.arena;
    c.arena = work;
    while (!atomic_load(&stop)) {
        arena_reset(work);
        c.now_ms = clock_now_ms();
        publish(&c, a->written);
        a->written++;
    }
    c.arena = own;
    arena_free(&work);
    world_ctx_end(&c);
    return NULL;
}

static void make_people(struct world *w, struct author *authors, int64_t n)
{
    struct account *fans[FOLLOWERS];
    char name[32];
    for (int i = 0; i < FOLLOWERS; i++) {
        (void)snprintf(name, sizeof name, "fan_%d", i);
        fans[i] = world_member(&w->c, name);
    }
    for (int64_t i = 0; i < n; i++) {
        (void)snprintf(name, sizeof name, "writer_%lld", (long long)i);
        authors[i] = (struct author){ .world = w, .me = world_member(&w->c, name) };
        for (int k = 0; k < FOLLOWERS; k++)
            world_follow(&w->c, fans[k], authors[i].me, false);
    }
}

static int64_t run(struct author *authors, int64_t n, int64_t seconds)
{
    int64_t written = 0;
    for (int64_t i = 0; i < n; i++)
        if (pthread_create(&authors[i].thread, NULL, author_main, &authors[i]) != 0)
            exit(1);
    struct timespec t = { .tv_sec = seconds };
    (void)nanosleep(&t, NULL);
    atomic_store(&stop, true);
    for (int64_t i = 0; i < n; i++) {
        (void)pthread_join(authors[i].thread, NULL);
        written += authors[i].written;
    }
    return written;
}

static const char *option(int argc, char **argv, const char *name, const char *otherwise)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return argv[i + 1];
    return otherwise;
}

int main(int argc, char **argv)
{
    static struct author authors[THREADS_MAX];
    struct world w;
    int64_t threads = 0;
    int64_t seconds = 0;
    const char *folder = option(argc, argv, "--data", NULL);
    if (folder == NULL || !str_to_i64(str_c(option(argc, argv, "--threads", "128")), &threads) || threads < 1
        || threads > THREADS_MAX || !str_to_i64(str_c(option(argc, argv, "--seconds", "5")), &seconds) || seconds < 1) {
        (void)fprintf(stderr, "usage: write_path --data EMPTY_FOLDER [--threads 128] [--seconds 5]\n");
        return 2;
    }
    world_open_in(&w, folder);
    make_people(&w, authors, threads);
    int64_t from = clock_monotonic_us();
    int64_t written = run(authors, threads, seconds);
    double took = (double)(clock_monotonic_us() - from) / 1e6;
    (void)printf("%.1f durable parleys/s (%lld in %.2f s, %lld threads)\n", (double)written / took, (long long)written,
                 took, (long long)threads);
    world_close(&w);
    return 0;
}
