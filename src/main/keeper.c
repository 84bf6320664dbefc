/* SPDX-License-Identifier: Apache-2.0 */
#include "main/keeper.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/media_care.h"
#include "core/search_index.h"
#include "core/site.h"
#include "core/terms.h"
#include "core/trend.h"
#include "core/vitals.h"
#include "feed/feed.h"
#include "main/gauges.h"
#include "main/secure.h"
#include "main/server.h"
#include "media/disk.h"
#include "store/job.h"
#include "store/sample.h"
#include "store/tx.h"

#define SEARCH_STEPS    5                           /* of the search index, in one second */
#define SEARCH_AFTER_MS (30 * SECOND_MS)            /* after a change: until the walks behind now have seen it, too */
#define TRIM_BYTES      (INT64_C(32) * 1024 * 1024) /* that the process has grown by, and that are free */
#define TRIM_EVERY_MS   (10 * SECOND_MS)
#define COUNT_EVERY_MS  (5 * SECOND_MS)
#define LOOK_EVERY_MS   MINUTE_MS /* at the files of the certificate */
#define LONG_AGO_MS     (-HOUR_MS)
#define SEARCH_IDLE_MS  MINUTE_MS /* otherwise: another node or program may have written */

/* Times are since the machine was started, but for those of the samples, which are stored. */
struct keeper {
    struct unit unit;
    pthread_t thread;
    pthread_mutex_t lock; /* guards `stop`; waits a second at a time, so no rank: nothing is taken inside */
    pthread_cond_t wake;
    bool stop;
    bool was_full;
    bool is_loaded;
    int64_t saved_ms;
    int64_t count_ms; /* when the site is counted next, at the earliest */
    int64_t counted;  /* transactions when it was counted last */
    int64_t counted_ms;
    int64_t weeks_ms;  /* when the figures of the week were kept last */
    int64_t published; /* by then */
    int64_t trends_ms; /* when what is talked about was saved last */
    int64_t sweep_ms;  /* when what has expired is deleted next */
    uint64_t tick;     /* of the feed when the search index was last looked after */
    int64_t changed_ms;
    int64_t searched_ms;
    int64_t trim_ms; /* when it is looked next how much is free */
    bool trim_gave;  /* much, the last time */
    int64_t looked_ms;
    int64_t vitals_ms; /* when the server's figures were taken last */
    int64_t slot;      /* and stored: of store/sample.h */
    struct metrics figures;
    int64_t resident_low; /* bytes, since memory was last given back */
};

static int64_t up_ms(void)
{
    return clock_monotonic_us() / 1000;
}

static void watch_disk(struct keeper *k)
{
    bool full = !db_has_space(k->unit.server->pool);
    if (full == k->was_full)
        return;
    k->was_full = full;
    site_disk_full(k->unit.server->sites, full);
    if (full)
        log_error(STR("keeper"), "the disk is full: the server is read-only until there is room");
    else
        log_info(STR("keeper"), "there is room on the disk again: the server takes writes");
}

static void save_feed(struct keeper *k)
{
    if (!k->is_loaded)
        return;
    arena_reset(k->unit.arena);
    struct ctx c = unit_begin(&k->unit, k->unit.arena, STR("keeper"));
    int64_t from = clock_monotonic_us();
    k->saved_ms = up_ms();
    if (feed_save(&c) != OK)
        log_warn(c.id, "the feed could not be saved: the next start takes longer");
    else
        log_debug(c.id, "feed saved in %lld ms", (long long)(clock_monotonic_us() - from) / 1000);
}

static int64_t transactions_until_now(struct keeper *k)
{
    int64_t n = 0;
    metrics_read(&k->figures);
    for (int i = 0; i <= METRIC_BOUNDS; i++)
        n += k->figures.v[METRIC_TRANSACTION + i];
    return n;
}

/* An idle server counts once a minute: another program may have written. */
static bool count_is_due(struct keeper *k)
{
    int64_t now_ms = up_ms();
    int64_t n = transactions_until_now(k);
    if (now_ms < k->count_ms || (n == k->counted && now_ms - k->counted_ms < MINUTE_MS))
        return false;
    k->counted = n;
    k->counted_ms = now_ms;
    return true;
}

/* What was published since the last time; what cannot be written is counted with the next. */
static void keep_week(struct keeper *k, struct ctx *c)
{
    metrics_read(&k->figures);
    int64_t published = k->figures.v[METRIC_PUBLISHED];
    k->weeks_ms = up_ms();
    if (site_allows_write(c) != OK)
        return;
    if (activity_keep(c, published - k->published) == OK)
        k->published = published;
    else
        log_warn(c->id, "the figures of the week could not be kept");
}

/* Takes a thousandth of the time at most. */
static void count_site(struct keeper *k)
{
    arena_reset(k->unit.arena);
    struct ctx c = unit_begin(&k->unit, k->unit.arena, STR("keeper"));
    int64_t from = clock_monotonic_us();
    if (site_figures_count(&c) != OK)
        log_warn(c.id, "the site's figures could not be counted");
    if (up_ms() - k->weeks_ms >= MINUTE_MS)
        keep_week(k, &c);
    if (gauges_count(&c) != OK)
        log_warn(c.id, "the store's figures could not be read");
    int64_t took_us = clock_monotonic_us() - from;
    k->count_ms = up_ms() + (took_us > COUNT_EVERY_MS ? took_us : COUNT_EVERY_MS);
}

/* As a job, so that it waits while the server takes no writes. */
static void queue_sweep(struct keeper *k)
{
    TX tx = { 0 };
    arena_reset(k->unit.arena);
    struct ctx c = unit_begin(&k->unit, k->unit.arena, STR("keeper"));
    k->sweep_ms = up_ms() + HOUR_MS;
    if (site_allows_write(&c) != OK)
        return;
    if (tx_begin(&c, &tx) != OK || store_job_add(&c, JOB_SWEEP, 0, STR(""), c.now_ms) != OK || tx_commit(&tx) != OK)
        log_warn(c.id, "the hourly sweep could not be queued");
}

/* Copies of what the object store has stay within their budget. */
static void trim_media(struct keeper *k)
{
    struct media_disk d = { 0 };
    arena_reset(k->unit.arena);
    struct ctx c = unit_begin(&k->unit, k->unit.arena, STR("keeper"));
    if (media_disk_grew(&c) && media_trim(&c, &d) != OK)
        log_warn(c.id, "the cache of files could not be kept within its budget: " STR_FMT, STR_ARG(c.says));
}

/* An idle server asks its store for nothing. */
static bool search_is_due(struct keeper *k)
{
    uint64_t tick = feed_tick(k->unit.server->feed);
    int64_t now_ms = up_ms();
    if (tick != k->tick)
        k->changed_ms = now_ms;
    k->tick = tick;
    if (now_ms - k->changed_ms > SEARCH_AFTER_MS && now_ms - k->searched_ms < SEARCH_IDLE_MS)
        return false;
    k->searched_ms = now_ms;
    return true;
}

/* A few steps at most: what is left waits for the next second, the disk is watched in between. */
static void follow_search(struct keeper *k)
{
    bool done = false;
    for (int i = 0; i < SEARCH_STEPS && !done; i++) {
        arena_reset(k->unit.arena);
        struct ctx c = unit_begin(&k->unit, k->unit.arena, STR("keeper"));
        enum err e = search_index_step(&c, SEARCH_STEP_MAX, &done);
        if (e != OK && e != ERR_AGAIN)
            log_warn(c.id, "the search index could not follow: " STR_FMT, STR_ARG(c.says));
        if (e != OK) {
            done = false;
            break;
        }
    }
    if (!done)
        k->changed_ms = up_ms();
}

/* What thousands of connections leave behind goes back to the system: the allocator keeps it otherwise. What it holds
   counts as free whether it was given back or not, so it is asked for only when the process has grown since, or when
   there was much the last time. */
static void give_back(struct keeper *k)
{
    int64_t resident = gauges_resident_bytes();
    k->trim_ms = up_ms() + TRIM_EVERY_MS;
    if (resident < k->resident_low)
        k->resident_low = resident;
    bool may_give = k->trim_gave || resident - k->resident_low >= TRIM_BYTES;
    if (!may_give || (int64_t)mallinfo2().fordblks < TRIM_BYTES)
        return;
    (void)malloc_trim(0);
    k->resident_low = gauges_resident_bytes();
    k->trim_gave = resident - k->resident_low >= TRIM_BYTES / 4;
}

/* True when it is time to stop. */
static bool wait_a_second(struct keeper *k)
{
    (void)pthread_mutex_lock(&k->lock);
    if (!k->stop)
        clock_cond_wait(&k->wake, &k->lock, SECOND_MS);
    bool stop = k->stop;
    (void)pthread_mutex_unlock(&k->lock);
    return stop;
}

static void save_trends(struct keeper *k)
{
    arena_reset(k->unit.arena);
    struct ctx c = unit_begin(&k->unit, k->unit.arena, STR("keeper"));
    k->trends_ms = up_ms();
    if (!c.site->disk_full && trend_save(&c) != OK)
        log_warn(c.id, "what is talked about could not be saved");
}

/* While the server serves already: until it is done the store answers. A feed that could not be filled is not saved. */
static void load_feed(struct keeper *k)
{
    arena_reset(k->unit.arena);
    struct ctx c = unit_begin(&k->unit, k->unit.arena, STR("keeper"));
    int64_t from = clock_monotonic_us();
    k->is_loaded = feed_load(&c) == OK;
    if (k->is_loaded)
        log_info(c.id, "timelines are in memory after %lld ms", (long long)(clock_monotonic_us() - from) / 1000);
    else
        log_error(c.id, "timelines could not be read into memory: the store answers, slower. A restart tries again");
}

static void look_at_certificate(struct keeper *k)
{
    int64_t now_ms = up_ms();
    if (now_ms - k->looked_ms < LOOK_EVERY_MS)
        return;
    k->looked_ms = now_ms;
    arena_reset(k->unit.arena);
    struct ctx c = unit_begin(&k->unit, k->unit.arena, STR("keeper"));
    secure_look(&c, k->unit.server);
}

static void sample(struct keeper *k)
{
    int64_t now_ms = clock_now_ms();
    if (now_ms - k->vitals_ms >= VITALS_EVERY_MS || now_ms < k->vitals_ms) {
        k->vitals_ms = now_ms;
        vitals_take(now_ms);
    }
    if (now_ms / SAMPLE_SLOT_MS == k->slot)
        return;
    k->slot = now_ms / SAMPLE_SLOT_MS;
    arena_reset(k->unit.arena);
    struct ctx c = unit_begin(&k->unit, k->unit.arena, STR("keeper"));
    if (vitals_save(&c) != OK && !c.site->disk_full)
        log_warn(c.id, "the server's own figures could not be kept");
}

static void *run(void *arg)
{
    struct keeper *k = arg;
    (void)pthread_setname_np(pthread_self(), "keeper");
    gauges_read(k->unit.server);
    load_feed(k);
    while (!wait_a_second(k)) {
        watch_disk(k);
        if (search_is_due(k))
            follow_search(k);
        trim_media(k);
        if (up_ms() >= k->trim_ms)
            give_back(k);
        look_at_certificate(k);
        gauges_read(k->unit.server);
        sample(k);
        if (count_is_due(k))
            count_site(k);
        if (up_ms() - k->trends_ms >= TREND_SAVE_MS)
            save_trends(k);
        if (up_ms() >= k->sweep_ms)
            queue_sweep(k);
        if (up_ms() - k->saved_ms >= k->unit.server->config.feed_save_s * SECOND_MS)
            save_feed(k);
    }
    save_feed(k);
    save_trends(k);
    k->weeks_ms = LONG_AGO_MS;
    count_site(k);
    return NULL;
}

enum err keeper_start(struct ctx *c, struct server *s, struct keeper **out)
{
    struct keeper *k = calloc(1, sizeof *k);
    if (k == NULL)
        abort();
    k->saved_ms = k->trends_ms = up_ms();
    k->sweep_ms = up_ms() + MINUTE_MS;
    k->counted_ms = k->weeks_ms = k->searched_ms = k->looked_ms = LONG_AGO_MS;
    (void)pthread_mutex_init(&k->lock, NULL);
    clock_cond_init(&k->wake);
    enum err e = unit_open(c, s, &k->unit);
    if (e == OK && pthread_create(&k->thread, NULL, run, k) != 0)
        e = fail_internal(c, "the keeper's thread cannot be started");
    if (e != OK) {
        unit_close(&k->unit);
        free(k);
        return e;
    }
    *out = k;
    return OK;
}

void keeper_stop(struct keeper **k)
{
    if (*k == NULL)
        return;
    (void)pthread_mutex_lock(&(*k)->lock);
    (*k)->stop = true;
    (void)pthread_cond_signal(&(*k)->wake);
    (void)pthread_mutex_unlock(&(*k)->lock);
    (void)pthread_join((*k)->thread, NULL);
    unit_close(&(*k)->unit);
    (void)pthread_cond_destroy(&(*k)->wake);
    (void)pthread_mutex_destroy(&(*k)->lock);
    free(*k);
    *k = NULL;
}
