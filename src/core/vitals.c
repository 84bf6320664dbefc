/* SPDX-License-Identifier: Apache-2.0 */
#include "core/vitals.h"

#include <jansson.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/jw.h"
#include "base/metrics.h"
#include "store/sample.h"

#define CLASSES      7
#define STATUSES     5
#define FROMS        2
#define FIT_DAYS_MAX 365.0
#define FIT_R2_MIN   0.8

static const char *const names[VITALS] = {
    "timelines",   "reads",          "writes",      "pages",       "forms",       "files",
    "others",      "failed",         "p50_us",      "p99_us",      "wait_p99_us", "queued",
    "store_bytes", "derived_bytes",  "media_bytes", "image_bytes", "video_bytes", "audio_bytes",
    "free_bytes",  "resident_bytes", "jobs",        "dead",
};

/* The lock is held for a copy and takes nothing, so it has no rank. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* global: see the header */
static struct vitals hour[VITALS_HOUR];                  /* global: see the header */
static int64_t taken;                                    /* global: see the header */

/* Where a row of samples stands: what was counted when the last one was made. */
struct mark {
    struct metrics then;
    int64_t at_ms; /* 0: none was */
};
static struct mark short_mark; /* global: the keeper's */
static struct mark long_mark;  /* global: the keeper's */

static void add_cells(int64_t *sum, const int64_t *now, const int64_t *then)
{
    for (int i = 0; i <= METRIC_BOUNDS; i++)
        sum[i] += now[i] - then[i];
}

static int64_t sum_of(const int64_t *cells, int n)
{
    int64_t all = 0;
    for (int i = 0; i < n; i++)
        all += cells[i];
    return all;
}

static void requests(const struct metrics *now, const struct metrics *then, struct vitals *out)
{
    int64_t all[METRIC_BOUNDS + 1] = { 0 };
    for (int i = 0; i < CLASSES * STATUSES * FROMS; i++) {
        int64_t one[METRIC_BOUNDS + 1] = { 0 };
        const int at = METRIC_REQUEST + i * METRIC_HIST;
        add_cells(one, &now->v[at], &then->v[at]);
        add_cells(all, &now->v[at], &then->v[at]);
        int64_t n = sum_of(one, METRIC_BOUNDS + 1);
        out->v[VITAL_TIMELINES + i / (STATUSES * FROMS)] += n;
        if (i / FROMS % STATUSES == STATUSES - 1)
            out->v[VITAL_FAILED] += n;
    }
    out->v[VITAL_P50_US] = metrics_quantile(all, 0.5);
    out->v[VITAL_P99_US] = metrics_quantile(all, 0.99);
}

static struct vitals make(struct mark *m, int64_t now_ms)
{
    static struct metrics now; /* global: the keeper's, and too large for its stack */
    struct vitals out = { .at_ms = now_ms, .span_ms = m->at_ms == 0 ? 0 : now_ms - m->at_ms };
    int64_t waits[METRIC_BOUNDS + 1] = { 0 };
    metrics_read(&now);
    if (out.span_ms > 0) {
        requests(&now, &m->then, &out);
        for (int pool = 0; pool < 2; pool++)
            add_cells(waits, &now.v[METRIC_QUEUE_WAIT + pool * METRIC_HIST],
                      &m->then.v[METRIC_QUEUE_WAIT + pool * METRIC_HIST]);
        out.v[VITAL_WAIT_P99_US] = metrics_quantile(waits, 0.99);
    }
    out.v[VITAL_QUEUED] = now.v[METRIC_QUEUE];
    out.v[VITAL_STORE_BYTES] = now.v[METRIC_STORE_BYTES] + now.v[METRIC_STORE_BYTES + 1];
    out.v[VITAL_DERIVED_BYTES] = now.v[METRIC_STORE_BYTES + 2];
    out.v[VITAL_MEDIA_BYTES] = sum_of(&now.v[METRIC_MEDIA_BYTES], 4);
    for (int k = 0; k < 3; k++)
        out.v[VITAL_IMAGE_BYTES + k] = now.v[METRIC_MEDIA_BYTES + k];
    out.v[VITAL_FREE_BYTES] = now.v[METRIC_DISK_FREE];
    out.v[VITAL_RESIDENT_BYTES] = now.v[METRIC_RESIDENT];
    out.v[VITAL_JOBS] = sum_of(&now.v[METRIC_JOBS_QUEUED], METRIC_JOBS);
    out.v[VITAL_DEAD] = sum_of(&now.v[METRIC_JOBS_DEAD], METRIC_JOBS);
    m->then = now;
    m->at_ms = now_ms;
    return out;
}

void vitals_take(int64_t now_ms)
{
    struct vitals one = make(&short_mark, now_ms);
    if (one.span_ms <= 0) /* the first, or the clock was stepped back */
        return;
    (void)pthread_mutex_lock(&lock);
    hour[taken++ % VITALS_HOUR] = one;
    (void)pthread_mutex_unlock(&lock);
}

int64_t vitals_hour(struct vitals out[static VITALS_HOUR])
{
    (void)pthread_mutex_lock(&lock);
    int64_t n = taken < VITALS_HOUR ? taken : VITALS_HOUR;
    for (int64_t i = 0; i < n; i++)
        out[i] = hour[(taken - n + i) % VITALS_HOUR];
    (void)pthread_mutex_unlock(&lock);
    return n;
}

enum err vitals_save(struct ctx *c)
{
    struct vitals one = make(&long_mark, c->now_ms);
    struct jw w = jw_on(c->arena);
    if (one.span_ms <= 0)
        return OK;
    jw_obj(&w);
    jw_ki64(&w, STR("at_ms"), one.at_ms);
    jw_ki64(&w, STR("span_ms"), one.span_ms);
    for (int i = 0; i < VITALS; i++)
        jw_ki64(&w, str_c(names[i]), one.v[i]);
    jw_obj_end(&w);
    return store_sample_put(c, one.at_ms, jw_end(&w));
}

/* What an older version did not know is 0. */
static struct vitals parse(struct str data)
{
    struct vitals out = { 0 };
    json_t *j = json_loadb(data.p, data.n, 0, NULL);
    out.at_ms = json_integer_value(json_object_get(j, "at_ms"));
    out.span_ms = json_integer_value(json_object_get(j, "span_ms"));
    for (int i = 0; i < VITALS; i++)
        out.v[i] = json_integer_value(json_object_get(j, names[i]));
    json_decref(j);
    return out;
}

enum err vitals_since(struct ctx *c, int64_t since_ms, struct vitals **out, int64_t *n)
{
    struct str *data = NULL;
    TRY(store_sample_list(c, since_ms, &data, n));
    *out = ARENA_ARRAY(c->arena, (size_t)*n + 1, struct vitals);
    for (int64_t i = 0; i < *n; i++)
        (*out)[i] = parse(data[i]);
    return OK;
}

bool vitals_trend(const struct vitals *all, int64_t n, enum vital what, double *per_day)
{
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (; n > 0 && all->v[what] == 0; n--)
        all++;
    if (n < 3 || all[n - 1].at_ms - all[0].at_ms < DAY_MS)
        return false;
    for (int64_t i = 0; i < n; i++) { /* from the first point, so that the squares stay small */
        double xi = (double)(all[i].at_ms - all[0].at_ms) / (double)DAY_MS;
        double yi = (double)(all[i].v[what] - all[0].v[what]);
        x += xi;
        y += yi;
        xx += xi * xi;
        xy += xi * yi;
        yy += yi * yi;
    }
    double sxx = xx - x * x / (double)n;
    double sxy = xy - x * y / (double)n;
    double syy = yy - y * y / (double)n;
    if (sxx <= 0 || syy <= 0 || sxy * sxy / (sxx * syy) < FIT_R2_MIN)
        return false;
    *per_day = sxy / sxx;
    return true;
}

bool vitals_full_in(const struct vitals *all, int64_t n, double *days)
{
    double per_day = 0;
    if (!vitals_trend(all, n, VITAL_FREE_BYTES, &per_day) || per_day >= 0)
        return false;
    *days = (double)all[n - 1].v[VITAL_FREE_BYTES] / -per_day;
    return *days <= FIT_DAYS_MAX;
}
