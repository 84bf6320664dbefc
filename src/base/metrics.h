/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/metrics_table.h"

/* What the server counts of itself: counters, gauges and histograms of one table. Runs on: any thread. To count is an
   addition to a cell that other threads seldom touch: no lock, nothing allocated. A reading adds up the threads' cells
   and is of one moment only roughly. Global: process-wide by nature, as the log is.

   A value of enum metric is the first cell of its row; with labels, cell (or histogram) `series` behind it, the last
   label counting fastest. */
#define METRIC_FIRST_AND_LAST(id, cells, type, name, labels, help) id, id##_LAST = (id) + (cells)-1,
enum metric { METRICS(METRIC_FIRST_AND_LAST) METRIC_CELLS };
#undef METRIC_FIRST_AND_LAST

void metrics_add(enum metric m, int series, int64_t n);
void metrics_observe(enum metric m, int series, int64_t value); /* histograms; microseconds in those of time */
/* For what is counted elsewhere: its value now. Not mixed with metrics_add of the same cell. */
void metrics_set(enum metric m, int series, int64_t value);
/* The word of a label that is written "=@": before the server takes requests. `word` must outlive the process. */
void metrics_word(enum metric m, int i, const char *word);

struct metrics {
    int64_t v[METRIC_CELLS];
};
void metrics_read(struct metrics *out);
/* Prometheus text format 0.0.4. Histograms that counted nothing are left out if they have labels. */
void metrics_write(struct buf *b, const struct metrics *m);

/* One line of what metrics_write says, but for the buckets: a histogram gives its count and its sum. */
struct metric_value {
    struct str name;   /* "parley_requests_refused_total" */
    struct str labels; /* "limit=\"api\"", or empty */
    struct str value;
};
typedef void metrics_each_fn(void *arg, const struct metric_value *v);
void metrics_each(struct arena *a, const struct metrics *m, metrics_each_fn *each, void *arg);

/* What a share (0 to 1) of a histogram's observations does not exceed, between the bounds by proportion; 0 when it has
   none. `cells`: METRIC_BOUNDS + 1 counts, as in struct metrics or a difference of two. */
int64_t metrics_quantile(const int64_t *cells, double share);
