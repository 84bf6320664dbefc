/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/jobs.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/rng.h"
#include "core/site.h"
#include "courier/webpush.h"
#include "jobs/kinds.h"
#include "store/job.h"
#include "store/tx.h"

#define SHARE_N   2 /* runners of each enum job_lane */
#define RUNNERS_N (3 * SHARE_N)
#define BATCH_MAX 64   /* jobs that are taken from the table at once */
#define TICK_MS   1000 /* how long nothing is looked for when nothing was due and nobody woke us */

struct jobs {
    struct jobs_options o;
    struct job_tools tools;
    pthread_mutex_t lock; /* guards all below; nothing else is locked inside */
    pthread_cond_t wake;
    bool stop;
    bool woken;
    int64_t running[RUNNERS_N]; /* ids; 0: none */
    struct runner {
        struct jobs *jobs;
        int place;
        pthread_t thread;
        bool started;
        struct arena *arena;
        struct db *db;
    } runners[RUNNERS_N];
};

static struct ctx begin(struct runner *r, struct str id)
{
    struct jobs *j = r->jobs;
    struct ctx c = {
        .arena = r->arena,
        .db = r->db,
        .feed = j->o.feed,
        .site = site_box_get(j->o.sites),
        .sites = j->o.sites,
        .idgen = j->o.idgen,
        .limiter = NULL,
        .news = j->o.news,
        .now_ms = clock_now_ms(),
        .id = id,
    };
    rand_seed(&c);
    return c;
}

static int64_t backoff_ms(struct ctx *c, const struct job_row *row, int64_t tries)
{
    int64_t s = row->backoff_s;
    for (int64_t i = 0; i < tries && s < JOB_BACKOFF_MAX_S; i++)
        s *= 2;
    if (s > JOB_BACKOFF_MAX_S)
        s = JOB_BACKOFF_MAX_S;
    /* between half and all of it, so that what failed together does not come back together */
    return s * SECOND_MS / 2 + (int64_t)rand_below(c, (uint64_t)(s * SECOND_MS / 2 + 1));
}

static enum err conclude(struct ctx *c, const struct job *j, const struct job_row *row, enum err e)
{
    TX tx = { 0 };
    struct str why = c->says.n > 0 ? c->says : STR("failed");
    enum { DONE, RETRY, DEAD, ENDS } end = RETRY;
    TRY(tx_begin(c, &tx));
    if (e == OK) {
        end = DONE;
        TRY(store_job_done(c, j));
    } else if (row == NULL || e == ERR_INVALID || j->tries + 1 >= row->tries_max) {
        end = DEAD;
        log_warn(c->id, "dead letter: %s, " STR_FMT, row == NULL ? "unknown kind" : row->name, STR_ARG(why));
        TRY(store_job_bury(c, j, why));
    } else {
        TRY(store_job_retry(c, j, c->now_ms + backoff_ms(c, row, j->tries), why));
    }
    TRY(tx_commit(&tx));
    metrics_add(METRIC_JOBS_ENDED, (row == NULL ? 0 : (int)j->kind) * ENDS + (int)end, 1);
    return OK;
}

/* A server that takes no writes keeps its jobs waiting. */
static bool may_run(struct ctx *c)
{
    return !c->site->disk_full && c->site->mode != MODE_READ_ONLY;
}

static void run_one(struct runner *r, const struct job *given)
{
    struct job j = *given;
    const struct job_row *row = job_row_of(j.kind);
    struct ctx c = begin(r, (struct str){ 0 });
    c.id = arena_strf(r->arena, "job %s %lld", row == NULL ? "?" : row->name, (long long)j.id);
    enum err e = row == NULL ? fail(&c, ERR_INVALID, "This version knows no such job") : ERR_AGAIN;
    int64_t from_us = clock_monotonic_us();
    for (int tries = 0; e == ERR_AGAIN && tries < RACES_MAX; tries++)
        e = row->run(&c, &r->jobs->tools, &j);
    tx_done(&c);
    metrics_observe(METRIC_JOB_TIME, 0, clock_monotonic_us() - from_us);
    if (conclude(&c, &j, row, e) != OK)
        log_warn(c.id, "its end could not be stored: it will run again");
}

static bool take(struct runner *r, const struct job *j)
{
    struct jobs *all = r->jobs;
    (void)pthread_mutex_lock(&all->lock);
    bool free_to_run = !all->stop;
    for (int i = 0; i < RUNNERS_N; i++)
        free_to_run = free_to_run && all->running[i] != j->id;
    if (free_to_run)
        all->running[r->place] = j->id;
    (void)pthread_mutex_unlock(&all->lock);
    return free_to_run;
}

static void put_back(struct runner *r)
{
    (void)pthread_mutex_lock(&r->jobs->lock);
    r->jobs->running[r->place] = 0;
    (void)pthread_mutex_unlock(&r->jobs->lock);
}

/* Runs what is due and is this runner's share. */
static int64_t run_due(struct runner *r)
{
    struct job *due = NULL;
    int64_t n = 0;
    int64_t ran = 0;
    arena_reset(r->arena);
    struct job_share mine = { (enum job_lane)(r->place / SHARE_N), r->place % SHARE_N, SHARE_N };
    struct ctx c = begin(r, STR("jobs"));
    if (!may_run(&c) || store_job_due(&c, c.now_ms, &mine, BATCH_MAX, &due, &n) != OK)
        return 0;
    for (int64_t i = 0; i < n; i++) {
        if (!take(r, &due[i]))
            continue;
        run_one(r, &due[i]);
        put_back(r);
        ran++;
    }
    return ran;
}

static bool wait_for_work(struct jobs *j)
{
    (void)pthread_mutex_lock(&j->lock);
    if (!j->stop && !j->woken)
        clock_cond_wait(&j->wake, &j->lock, TICK_MS);
    j->woken = false;
    bool stop = j->stop;
    (void)pthread_mutex_unlock(&j->lock);
    return stop;
}

static bool stopping(struct jobs *j)
{
    (void)pthread_mutex_lock(&j->lock);
    bool stop = j->stop;
    (void)pthread_mutex_unlock(&j->lock);
    return stop;
}

static void *runner_main(void *arg)
{
    struct runner *r = arg;
    (void)pthread_setname_np(pthread_self(), "job");
    while (!stopping(r->jobs))
        if (run_due(r) == 0 && wait_for_work(r->jobs))
            break;
    return NULL;
}

static enum err start_runner(struct ctx *c, struct jobs *j, int i)
{
    struct runner *r = &j->runners[i];
    *r = (struct runner){ .jobs = j, .place = i, .arena = arena_new() };
    TRY(db_open(c, j->o.pool, &r->db));
    if (pthread_create(&r->thread, NULL, runner_main, r) != 0)
        return fail_internal(c, "a job thread cannot be started");
    r->started = true;
    return OK;
}

static void name_figures(void)
{
    static const enum metric of_kind[] = { METRIC_JOBS_QUEUED, METRIC_JOBS_DEAD, METRIC_JOBS_ENDED };
    for (size_t i = 0; i < sizeof of_kind / sizeof of_kind[0]; i++) {
        metrics_word(of_kind[i], 0, "unknown");
        for (int k = 1; k < METRIC_JOBS; k++)
            if (job_row_of((enum job_kind)k) != NULL)
                metrics_word(of_kind[i], k, job_row_of((enum job_kind)k)->name);
    }
}

enum err jobs_start(struct ctx *c, const struct jobs_options *o, struct jobs **out)
{
    struct jobs *j = calloc(1, sizeof *j);
    if (j == NULL)
        abort();
    j->o = *o;
    name_figures();
    j->tools = (struct job_tools){ .mail = o->mail, .hosts = webpush_hosts_new() };
    (void)pthread_mutex_init(&j->lock, NULL);
    clock_cond_init(&j->wake);
    *out = j;
    for (int i = 0; i < RUNNERS_N; i++)
        TRY(start_runner(c, j, i));
    return OK;
}

void jobs_stop(struct jobs **j)
{
    if (*j == NULL)
        return;
    (void)pthread_mutex_lock(&(*j)->lock);
    (*j)->stop = true;
    (void)pthread_cond_broadcast(&(*j)->wake);
    (void)pthread_mutex_unlock(&(*j)->lock);
    for (int i = 0; i < RUNNERS_N; i++) {
        struct runner *r = &(*j)->runners[i];
        if (r->started)
            (void)pthread_join(r->thread, NULL);
        db_close(&r->db);
        arena_free(&r->arena);
    }
    webpush_hosts_free(&(*j)->tools.hosts);
    (void)pthread_cond_destroy(&(*j)->wake);
    (void)pthread_mutex_destroy(&(*j)->lock);
    free(*j);
    *j = NULL;
}

void jobs_wake(struct jobs *j)
{
    (void)pthread_mutex_lock(&j->lock);
    j->woken = true;
    (void)pthread_cond_broadcast(&j->wake);
    (void)pthread_mutex_unlock(&j->lock);
}
