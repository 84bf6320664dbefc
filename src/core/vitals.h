/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The server's figures over time, for its operator: every ten seconds of the last hour in memory, every five minutes of
   the last 30 days in derived data. The keeper takes them; anybody reads. Global: process-wide, as the figures are that
   they are made from (base/metrics.h). */
enum vital {
    VITAL_TIMELINES, /* requests in the span, by class */
    VITAL_READS,
    VITAL_WRITES,
    VITAL_PAGES,
    VITAL_FORMS,
    VITAL_FILES,
    VITAL_OTHERS,
    VITAL_FAILED, /* of all these, 5xx */
    VITAL_P50_US,
    VITAL_P99_US,
    VITAL_WAIT_P99_US, /* for a worker */
    VITAL_QUEUED,
    VITAL_STORE_BYTES,
    VITAL_DERIVED_BYTES,
    VITAL_MEDIA_BYTES,
    VITAL_IMAGE_BYTES, /* of it, by kind */
    VITAL_VIDEO_BYTES,
    VITAL_AUDIO_BYTES,
    VITAL_FREE_BYTES,
    VITAL_RESIDENT_BYTES,
    VITAL_JOBS,
    VITAL_DEAD,
    VITALS
};
struct vitals {
    int64_t at_ms;   /* the end of the span */
    int64_t span_ms; /* that it covers */
    int64_t v[VITALS];
};

#define VITALS_EVERY_MS INT64_C(10000)
#define VITALS_HOUR     360

void vitals_take(int64_t now_ms);              /* into memory. Runs on: the keeper */
enum err vitals_save(struct ctx *c) NODISCARD; /* since the last time, into the store. Runs on: the keeper */
int64_t vitals_hour(struct vitals out[static VITALS_HOUR]); /* oldest first; how many */
enum err vitals_since(struct ctx *c, int64_t since_ms, struct vitals **out, int64_t *n) NODISCARD;

/* How much it grows in a day (negative: shrinks), by the straight line nearest to all points since it first was more
   than nothing. False: nothing to be said, because that is less than a day, it stays as it is, or the points are no
   line (R2 below 0.8). */
bool vitals_trend(const struct vitals *all, int64_t n, enum vital what, double *per_day);
/* Days until nothing is free, by that line. False: it says nothing, or grows, or it is more than a year. */
bool vitals_full_in(const struct vitals *all, int64_t n, double *days);
