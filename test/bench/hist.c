/* SPDX-License-Identifier: Apache-2.0 */
#include "hist.h"

#include <stddef.h>
#include <string.h>

#define STEPS (UINT64_C(1) << HIST_STEP_BITS)

/* Values under 128 have a cell each; above, the 7 bits behind the leading one choose the step. */
static size_t cell_of(uint64_t v)
{
    if (v < STEPS)
        return (size_t)v;
    unsigned top = 63U - (unsigned)__builtin_clzll(v);
    unsigned shift = top - HIST_STEP_BITS;
    return ((size_t)(shift + 1) << HIST_STEP_BITS) + (size_t)((v >> shift) & (STEPS - 1));
}

/* The largest value that falls into a cell. */
static uint64_t cell_top(size_t cell)
{
    if (cell < STEPS)
        return cell;
    unsigned shift = (unsigned)(cell >> HIST_STEP_BITS) - 1;
    uint64_t low = (STEPS | (cell & (STEPS - 1))) << shift;
    return low + ((UINT64_C(1) << shift) - 1);
}

void hist_clear(struct hist *h)
{
    memset(h, 0, sizeof *h);
    h->min = UINT64_MAX;
}

void hist_add(struct hist *h, uint64_t ns)
{
    uint64_t v = ns >> 63 != 0 ? INT64_MAX : ns;
    h->cells[cell_of(v)]++;
    h->n++;
    h->sum += v;
    h->min = v < h->min ? v : h->min;
    h->max = v > h->max ? v : h->max;
}

uint64_t hist_at(const struct hist *h, uint64_t per_million)
{
    uint64_t need = (uint64_t)(((unsigned __int128)h->n * per_million + 999999) / 1000000);
    uint64_t seen = 0;
    for (size_t i = 0; i < HIST_CELLS; i++) {
        seen += h->cells[i];
        if (seen >= need && seen > 0)
            return cell_top(i) < h->max ? cell_top(i) : h->max;
    }
    return 0;
}

uint64_t hist_mean(const struct hist *h)
{
    return h->n == 0 ? 0 : h->sum / h->n;
}
