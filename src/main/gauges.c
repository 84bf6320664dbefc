/* SPDX-License-Identifier: Apache-2.0 */
#include "main/gauges.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/live.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "core/site.h"
#include "db/db.h"
#include "feed/feed.h"
#include "feed/trends.h"
#include "main/secure.h"
#include "main/server.h"
#include "main/version.h"
#include "net/server.h"
#include "store/job.h"
#include "store/media_file.h"
#include "store/news.h"
#include "store/setting.h"

/* Word `n`, from 1, of the one line of a file of /proc (proc(5)), behind the name of the program if it has one. */
static int64_t proc_number(const char *path, int n)
{
    char line[1024];
    int64_t v = 0;
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return 0;
    struct str rest = fgets(line, (int)sizeof line, f) == NULL ? STR("") : str_c(line);
    struct str word = { 0 };
    (void)fclose(f);
    for (size_t i = rest.n; i > 0; i--)
        if (rest.p[i - 1] == ')') {
            rest = str_skip(rest, i);
            break;
        }
    for (int i = 0; i < n; i++)
        (void)str_cut(&rest, ' ', &word);
    return str_to_i64(word, &v) ? v : 0;
}

int64_t gauges_resident_bytes(void)
{
    return proc_number("/proc/self/statm", 2) * sysconf(_SC_PAGESIZE);
}

static void read_process(const struct server *s)
{
    struct rusage u = { 0 };
    metrics_word(METRIC_BUILD, 0, PARLEY_VERSION);
    metrics_set(METRIC_BUILD, 0, 1);
    metrics_set(METRIC_STARTED, 0, s->started_ms / SECOND_MS);
    metrics_set(METRIC_RESIDENT, 0, gauges_resident_bytes());
    metrics_set(METRIC_THREADS, 0,
                proc_number("/proc/self/stat", 19)); /* num_threads; 1 is the empty word behind ")" */
    if (getrusage(RUSAGE_SELF, &u) == 0)
        metrics_set(METRIC_CPU, 0,
                    (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void read_site(const struct server *s)
{
    const struct site *site = site_box_get(s->sites);
    struct site_counts counts = { 0 };
    for (int i = 0; i < METRIC_MODE_LAST - METRIC_MODE + 1; i++)
        metrics_set(METRIC_MODE, i, (int)site->mode == i ? 1 : 0);
    metrics_set(METRIC_READY, 0, !site->disk_full && site->mode != MODE_READ_ONLY ? 1 : 0);
    site_figures(s->sites, &counts);
    metrics_set(METRIC_MEMBERS, 0, counts.members);
    metrics_set(METRIC_MEMBERS_MONTH, 0, counts.active_month);
    metrics_set(METRIC_PARLEYS, 0, counts.statuses);
}

static void read_net(const struct server *s)
{
    struct net_stats n = { 0 };
    struct streams_stats t = { 0 };
    if (s->net != NULL)
        net_server_stats(s->net, &n);
    live_stats(s->live, &t);
    metrics_set(METRIC_CONNECTIONS, 0, n.connections);
    metrics_set(METRIC_QUEUE, 0, n.queued);
    metrics_set(METRIC_STREAMS, 0, t.open);
    metrics_set(METRIC_STREAMS_OPENED, 0, t.opened);
    metrics_set(METRIC_STREAM_EVENTS, 0, t.sent);
    metrics_set(METRIC_STREAM_BYTES, 0, t.bytes);
    metrics_set(METRIC_STREAMS_SLOW, 0, t.slow);
    metrics_set(METRIC_NEWS_LOST, 0, news_lost(s->news));
}

static void read_feed(const struct server *s)
{
    struct feed_stats f = { 0 };
    feed_stats(s->feed, &f);
    metrics_set(METRIC_FEED_BYTES, 0, f.bytes);
    metrics_set(METRIC_FEED_BUDGET, 0, f.budget);
    metrics_set(METRIC_FEED_AUTHORS, 0, f.authors);
    metrics_set(METRIC_FEED_ENTRIES, 0, f.entries);
    metrics_set(METRIC_FEED_READERS, 0, f.readers);
    metrics_set(METRIC_FEED_RENDERED, 0, f.rendered);
    metrics_set(METRIC_FEED_HITS, 0, f.hits);
    metrics_set(METRIC_FEED_MISSES, 0, f.misses);
    for (int k = 0; k < KEPTS; k++)
        metrics_set(METRIC_FEED_EVICTED, k, f.evicted[k]);
    for (int k = 0; k < TREND_KINDS; k++)
        metrics_set(METRIC_TREND_THINGS, k, trends_things(feed_trends(s->feed), (enum trend_kind)k));
}

void gauges_read(struct server *s)
{
    read_process(s);
    read_site(s);
    read_net(s);
    read_feed(s);
    secure_gauges(s);
}

static enum err count_jobs(struct ctx *c)
{
    struct job_count counts[2 * METRIC_JOBS];
    int64_t n = 0;
    int64_t oldest_ms = 0;
    TRY(store_job_kinds(c, counts, 2 * METRIC_JOBS, &n, &oldest_ms));
    for (int k = 0; k < METRIC_JOBS; k++) {
        metrics_set(METRIC_JOBS_QUEUED, k, 0);
        metrics_set(METRIC_JOBS_DEAD, k, 0);
    }
    for (int64_t i = 0; i < n; i++) {
        int kind = counts[i].kind > 0 && counts[i].kind < METRIC_JOBS ? (int)counts[i].kind : 0;
        metrics_set(counts[i].dead ? METRIC_JOBS_DEAD : METRIC_JOBS_QUEUED, kind, counts[i].n);
    }
    int64_t late_ms = oldest_ms == 0 || oldest_ms > c->now_ms ? 0 : c->now_ms - oldest_ms;
    metrics_set(METRIC_JOBS_LATE, 0, late_ms / SECOND_MS);
    return OK;
}

static enum err count_media(struct ctx *c)
{
    static const char *const kinds[] = { "image/", "video/", "audio/", "" };
    struct media_total all[MEDIA_TOTALS_MAX];
    int64_t bytes[4] = { 0 };
    int64_t files[4] = { 0 };
    int64_t n = 0;
    TRY(store_media_file_totals(c, all, &n));
    for (int64_t i = 0; i < n; i++) {
        int k = 0;
        while (!str_starts(all[i].type, str_c(kinds[k])))
            k++;
        bytes[k] += all[i].bytes;
        files[k] += all[i].files;
    }
    for (int k = 0; k < 4; k++) {
        metrics_set(METRIC_MEDIA_BYTES, k, bytes[k]);
        metrics_set(METRIC_MEDIA_FILES, k, files[k]);
    }
    return OK;
}

enum err gauges_count(struct ctx *c)
{
    struct db_info i = { 0 };
    TRY(db_info(c, &i));
    metrics_set(METRIC_STORE_BYTES, 0, i.bytes);
    metrics_set(METRIC_STORE_BYTES, 1, i.wal_bytes);
    metrics_set(METRIC_STORE_BYTES, 2, i.derived_bytes);
    metrics_set(METRIC_DISK_FREE, 0, i.free_bytes < 0 ? 0 : i.free_bytes);
    TRY(count_jobs(c));
    return count_media(c);
}
