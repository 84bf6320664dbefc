/* SPDX-License-Identifier: Apache-2.0 */
#include "base/metrics.h"

#include <pthread.h>
#include <stdlib.h>

#include "check.h"

#define THREADS 80 /* more than there are blocks */
#define TIMES   1000

static struct metrics now;

static void *count(void *arg)
{
    (void)arg;
    for (int i = 0; i < TIMES; i++) {
        metrics_add(METRIC_MAIL, 1, 1);
        metrics_observe(METRIC_SYNC, 0, 300);
    }
    return NULL;
}

static bool says(struct arena *a, const char *line)
{
    struct buf b = buf_on(a);
    size_t at = 0;
    metrics_read(&now);
    metrics_write(&b, &now);
    return str_find(buf_str(&b), str_c(line), &at);
}

static void threads_add_up(struct arena *a)
{
    pthread_t t[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&t[i], NULL, count, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(t[i], NULL);
    CHECK(says(a, "\nparley_mail_total{outcome=\"deferred\"} 80000\n"));
    CHECK(says(a, "\nparley_mail_total{outcome=\"sent\"} 0\n"));
    CHECK(says(a, "\nparley_sync_seconds_bucket{le=\"0.00025\"} 0\n"));
    CHECK(says(a, "\nparley_sync_seconds_bucket{le=\"0.0005\"} 80000\n"));
    CHECK(says(a, "\nparley_sync_seconds_bucket{le=\"+Inf\"} 80000\n"));
    CHECK(says(a, "\nparley_sync_seconds_sum 24.000000\n"));
    CHECK(says(a, "\nparley_sync_seconds_count 80000\n"));
}

static void labels_count_the_last_fastest(struct arena *a)
{
    metrics_observe(METRIC_REQUEST, (1 * 5 + 3) * 2 + 1, 20000000);
    CHECK(
        says(a, "parley_request_duration_seconds_bucket{class=\"read\",status=\"4xx\",from=\"worker\",le=\"10\"} 0\n"));
    CHECK(says(a, "parley_request_duration_seconds_count{class=\"read\",status=\"4xx\",from=\"worker\"} 1\n"));
    CHECK(!says(a, "from=\"memory\"")); /* nothing was counted there */
    metrics_add(METRIC_JOBS_ENDED, 2 * 3 + 2, 5);
    CHECK(!says(a, "parley_jobs_ended_total{")); /* nobody told its words */
    metrics_word(METRIC_JOBS_ENDED, 2, "sweep");
    CHECK(says(a, "\nparley_jobs_ended_total{kind=\"sweep\",outcome=\"dead\"} 5\n"));
    CHECK(says(a, "\nparley_jobs_ended_total{kind=\"sweep\",outcome=\"done\"} 0\n"));
}

static void values_are_set(struct arena *a)
{
    metrics_set(METRIC_MODE, 1, 1);
    metrics_set(METRIC_CPU, 0, 1500000);
    CHECK(says(a, "\nparley_mode{mode=\"read-only\"} 1\n"));
    CHECK(says(a, "\nparley_cpu_seconds_total 1.500000\n"));
}

static void quantiles(void)
{
    int64_t h[METRIC_BOUNDS + 1] = { 0 };
    CHECK(metrics_quantile(h, 0.5) == 0);
    h[2] = 100; /* between 100 and 250 */
    CHECK(metrics_quantile(h, 0.5) == 175);
    h[METRIC_BOUNDS] = 100; /* above all: as much as can be said */
    CHECK(metrics_quantile(h, 0.99) == 10000000);
    CHECK(metrics_quantile(h, 0.25) == 175);
}

int main(void)
{
    struct arena *a = arena_new();
    threads_add_up(a);
    labels_count_the_last_fastest(a);
    values_are_set(a);
    quantiles();
    arena_free(&a);
    return check_done();
}
