/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "gen.h"

#define TERMINAL_EVERY_US (SECOND_MS * 500)
#define LOG_EVERY_US      (SECOND_MS * 10000)
#define LOOK_EVERY        1024 /* calls between two looks at the clock */

void progress_begin(struct progress *p, const char *what, uint64_t total)
{
    *p = (struct progress){ .what = what, .total = total > 0 ? total : 1, .began_us = clock_monotonic_us() };
    p->told_us = p->began_us;
}

void progress_at(struct progress *p, uint64_t done)
{
    if (done % LOOK_EVERY != 0)
        return;
    int64_t now = clock_monotonic_us();
    bool terminal = isatty(STDERR_FILENO) == 1;
    if (now - p->told_us < (terminal ? TERMINAL_EVERY_US : LOG_EVERY_US) || done == 0)
        return;
    p->told_us = now;
    double rate = (double)done / ((double)(now - p->began_us) / 1e6);
    double left = (double)(p->total - (done < p->total ? done : p->total)) / rate;
    (void)fprintf(stderr, "%s%-18s %3.0f %%  %llu of %llu  %.0f/s  %d:%02d left%s", terminal ? "\r" : "", p->what,
                  100.0 * (double)done / (double)p->total, (unsigned long long)done, (unsigned long long)p->total, rate,
                  (int)left / 60, (int)left % 60, terminal ? "  " : "\n");
}

void progress_end(struct progress *p)
{
    double took = (double)(clock_monotonic_us() - p->began_us) / 1e6;
    (void)fprintf(stderr, "%s%-18s done   %llu in %.1f s%20s\n", isatty(STDERR_FILENO) == 1 ? "\r" : "", p->what,
                  (unsigned long long)p->total, took, "");
}
