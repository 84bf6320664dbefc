/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

/* Latencies in a log-linear histogram (the idea of HdrHistogram): 128 steps to every power of two, so a percentile is
   exact to 0.8 %, whatever the range. Nanoseconds, 1 ns to 292 years. Fixed 58 KiB; one thread. */
#define HIST_STEP_BITS 7
#define HIST_CELLS     ((64 - HIST_STEP_BITS) << HIST_STEP_BITS)

struct hist {
    uint64_t cells[HIST_CELLS];
    uint64_t n;
    uint64_t sum;
    uint64_t min;
    uint64_t max;
};

void hist_clear(struct hist *h);
void hist_add(struct hist *h, uint64_t ns);
/* The smallest value that at least `per_million` of a million samples do not exceed; 0 when there is no sample. */
uint64_t hist_at(const struct hist *h, uint64_t per_million);
uint64_t hist_mean(const struct hist *h);
