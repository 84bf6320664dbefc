/* SPDX-License-Identifier: Apache-2.0 */
#include "core/vitals.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "check.h"

#define N 60

static struct vitals all[N];

/* What is free at the end of each of N spans, from a GiB on. */
static void fill(int64_t every_ms, int64_t less, int64_t jitter)
{
    for (int i = 0; i < N; i++)
        all[i] = (struct vitals){
            .at_ms = i * every_ms,
            .v[VITAL_FREE_BYTES] = (INT64_C(1) << 30) - i * less + (i % 2 == 0 ? jitter : -jitter),
        };
}

static void a_straight_line_foretells(void)
{
    double days = 0;
    fill(DAY_MS / 10, 1 << 20, 0); /* 10 MiB a day: 965 MiB are left */
    CHECK(vitals_full_in(all, N, &days));
    CHECK(days > 96 && days < 97);
    fill(DAY_MS / 10, 1 << 20, 1 << 20); /* as much noise as a step */
    CHECK(vitals_full_in(all, N, &days));
    CHECK(days > 90 && days < 103);
}

static void what_is_no_line_foretells_nothing(void)
{
    double days = 0;
    fill(DAY_MS / 10, 0, 0);
    CHECK(!vitals_full_in(all, N, &days));
    fill(DAY_MS / 10, -(1 << 20), 0); /* it becomes more */
    CHECK(!vitals_full_in(all, N, &days));
    fill(DAY_MS / 10, 1 << 20, 100 << 20); /* noise */
    CHECK(!vitals_full_in(all, N, &days));
    fill(MINUTE_MS, 1 << 20, 0); /* an hour of it */
    CHECK(!vitals_full_in(all, N, &days));
    fill(DAY_MS / 10, 1 << 10, 0); /* in three hundred years */
    CHECK(!vitals_full_in(all, N, &days));
    CHECK(!vitals_full_in(all, 0, &days));
}

/* Of files, from when there were any. */
static void what_grows_is_foretold_too(void)
{
    double per_day = 0;
    for (int i = 0; i < N; i++)
        all[i] = (struct vitals){ .at_ms = i * DAY_MS / 10, .v[VITAL_VIDEO_BYTES] = i < 20 ? 0 : (i + 80) * 1000 };
    CHECK(vitals_trend(all, N, VITAL_VIDEO_BYTES, &per_day));
    CHECK(per_day > 9999 && per_day < 10001);
    CHECK(!vitals_trend(all, 25, VITAL_VIDEO_BYTES, &per_day)); /* half a day of it */
    CHECK(!vitals_trend(all, N, VITAL_AUDIO_BYTES, &per_day));
    fill(DAY_MS / 10, 1 << 20, 0);
    CHECK(vitals_trend(all, N, VITAL_FREE_BYTES, &per_day) && per_day < -(10 << 20) + 1 && per_day > -(10 << 20) - 1);
}

static void samples_hold_what_happened_between(void)
{
    static struct vitals out[VITALS_HOUR];
    vitals_take(10000);
    for (int i = 0; i < 7 * 5 * 2; i++)
        metrics_observe(METRIC_REQUEST, i, 200);
    metrics_set(METRIC_STORE_BYTES, 1, 77);
    vitals_take(20000);
    vitals_take(30000);
    CHECK(vitals_hour(out) == 2);
    CHECK(out[0].span_ms == 10000 && out[0].at_ms == 20000);
    for (int i = VITAL_TIMELINES; i <= VITAL_OTHERS; i++)
        CHECK(out[0].v[i] == 10 && out[1].v[i] == 0);
    CHECK(out[0].v[VITAL_FAILED] == 14);
    CHECK(out[0].v[VITAL_P99_US] > 100 && out[0].v[VITAL_P99_US] <= 250);
    CHECK(out[1].v[VITAL_P99_US] == 0 && out[1].v[VITAL_STORE_BYTES] == 77);
    for (int i = 0; i < VITALS_HOUR + 5; i++)
        vitals_take(40000 + i * 10000);
    CHECK(vitals_hour(out) == VITALS_HOUR);
    CHECK(out[VITALS_HOUR - 1].at_ms == 40000 + (VITALS_HOUR + 4) * 10000);
}

int main(void)
{
    a_straight_line_foretells();
    what_is_no_line_foretells_nothing();
    what_grows_is_foretold_too();
    samples_hold_what_happened_between();
    return check_done();
}
