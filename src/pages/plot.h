/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* Lines over time as an inline <svg> with title and description, a legend beside it and the same numbers as a table
   below: nothing is told by colour alone, and nothing needs script. A forecast is a thinner line behind what was
   measured, a value in the legend and a row of the table. */
#define PLOT_LINES_MAX  6
#define PLOT_POINTS_MAX 400

struct plot {
    const char *id; /* unique on the page */
    const char *title;
    const char *labels[PLOT_LINES_MAX];
    int lines;
    int64_t n; /* points; at_ms[n] and values[line][n] */
    const int64_t *at_ms;
    const double *values[PLOT_LINES_MAX];
    int64_t ahead_ms; /* how far behind the last point a forecast is drawn; 0: none is */
    bool has_ahead[PLOT_LINES_MAX];
    double ahead[PLOT_LINES_MAX];                      /* the value then, if it goes on so */
    struct str (*text)(struct arena *a, double value); /* with its unit */
};
void plot_put(struct visit *v, const struct plot *p);
