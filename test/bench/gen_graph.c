/* SPDX-License-Identifier: Apache-2.0 */
#include "gen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* Degrees as measured in docs/BENCHMARKS.md: out-degree log-normal (median 8, mean 20, p99 187, at most 5,000;
   4 % follow nobody: 2 % by intent, the others by rounding); in-degree falls as 1/place^0.93. Scaled by the number of
   follows asked for. */
#define DEGREE_MEDIAN   8.0
#define DEGREE_MEAN     20.0
#define DEGREE_SIGMA    1.354
#define FOLLOWS_NOBODY  0.02
#define POPULARITY_EXP  0.93
#define REDRAWS_MAX     6
#define CREATED_DAYS    400            /* the first member came so long before the end, */
#define CREATED_SPAN_MS (199 * DAY_MS) /* the last so much later; follows took as long again */

enum { DICE_BUCKET = 1, DICE_FOLLOW, DICE_DEGREE, DICE_ANGLE, DICE_TARGET };

static void *must_alloc(size_t n, size_t size)
{
    void *p = calloc(n > 0 ? n : 1, size);
    if (p == NULL) {
        (void)fprintf(stderr, "generate: not enough memory\n");
        exit(1);
    }
    return p;
}

static int64_t first_ms(const struct gen *g)
{
    return g->until_ms - CREATED_DAYS * DAY_MS;
}

static int64_t random_id_at(int64_t ms, int64_t bucket, uint64_t dice)
{
    return id_floor(ms) | bucket << ID_RAND_BITS | (int64_t)(dice & ((1U << ID_RAND_BITS) - 1));
}

int64_t gen_account_ms(const struct gen *g, uint32_t rank)
{
    return first_ms(g) + (int64_t)rank * CREATED_SPAN_MS / (int64_t)g->members;
}

int64_t gen_account_id(const struct gen *g, uint32_t rank)
{
    uint64_t dice = gen_mix(g->seed, DICE_BUCKET, rank);
    return random_id_at(gen_account_ms(g, rank), (int64_t)(dice % ID_BUCKETS), dice >> 32);
}

int64_t gen_follow_id(const struct gen *g, uint32_t source, uint32_t target)
{
    int64_t sum = (int64_t)source + (int64_t)target;
    int64_t ms = first_ms(g) + sum * CREATED_SPAN_MS / (int64_t)g->members;
    return random_id_at(ms, id_bucket(gen_account_id(g, source)),
                        gen_mix(g->seed, DICE_FOLLOW, (uint64_t)source << 32 | target));
}

/* An affine permutation: places of neighbours lie far apart. The factor is made coprime to the number of members. */
uint32_t gen_popular(const struct gen *g, uint32_t place)
{
    uint64_t n = g->members;
    uint64_t factor = (n * 618 / 1000) | 1;
    for (;;) {
        uint64_t a = factor;
        uint64_t b = n;
        while (b != 0) {
            uint64_t t = a % b;
            a = b;
            b = t;
        }
        if (a == 1)
            break;
        factor += 2;
    }
    return (uint32_t)((factor * place + 7) % n);
}

static uint32_t degree_of(const struct gen *g, uint32_t rank)
{
    double u = gen_unit(gen_mix(g->seed, DICE_DEGREE, rank));
    double v = gen_unit(gen_mix(g->seed, DICE_ANGLE, rank));
    if (v < FOLLOWS_NOBODY)
        return 0;
    v = (v - FOLLOWS_NOBODY) / (1 - FOLLOWS_NOBODY);
    double normal = sqrt(-2 * log(1 - u)) * cos(2 * M_PI * v); /* Box and Muller */
    double scale = (double)g->follows / (double)g->members / DEGREE_MEAN / (1 - FOLLOWS_NOBODY);
    double d = DEGREE_MEDIAN * scale * exp(DEGREE_SIGMA * normal) + 0.5;
    double most = fmin(GEN_DEGREE_MAX, (double)g->members / 2);
    return (uint32_t)fmin(d, most);
}

struct zipf {
    double power;
    double top;
};

static struct zipf zipf_make(double exponent, uint32_t n)
{
    return (struct zipf){ .power = 1 / (1 - exponent), .top = pow((double)n + 1, 1 - exponent) - 1 };
}

/* A place 0 .. n-1, by inverting the integral of 1/x^exponent. */
static uint32_t zipf_draw(const struct zipf *z, uint64_t dice, uint32_t n)
{
    double x = pow(1 + gen_unit(dice) * z->top, z->power) - 1;
    return x >= (double)n ? n - 1 : (uint32_t)x;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t sort_unique(uint32_t *p, size_t n)
{
    size_t kept = 0;
    qsort(p, n, sizeof *p, by_number);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || p[kept - 1] != p[i])
            p[kept++] = p[i];
    }
    return kept;
}

/* Draws until there are enough different members, or the favourites are used up. */
static size_t draw_targets(const struct gen *g, const struct zipf *z, uint32_t rank, const uint32_t *popular,
                           uint32_t *out)
{
    size_t want = degree_of(g, rank);
    size_t have = 0;
    uint64_t roll = (uint64_t)rank << 20;
    for (int round = 0; round < REDRAWS_MAX && have < want; round++) {
        for (size_t i = have; i < want; i++)
            out[i] = popular[zipf_draw(z, gen_mix(g->seed, DICE_TARGET, roll++), g->members)];
        have = sort_unique(out, want);
    }
    for (size_t i = 0; i < have; i++) {
        if (out[i] == rank) {
            memmove(out + i, out + i + 1, (have - i - 1) * sizeof *out);
            return have - 1;
        }
    }
    return have;
}

void gen_graph_draw(struct gen *g)
{
    struct zipf z = zipf_make(POPULARITY_EXP, g->members);
    struct progress p;
    uint64_t room = 0;
    uint32_t *popular = must_alloc(g->members, sizeof *popular);
    for (uint32_t i = 0; i < g->members; i++) {
        popular[i] = gen_popular(g, i);
        room += degree_of(g, i);
    }
    g->target_at = must_alloc((size_t)g->members + 1, sizeof *g->target_at);
    g->targets = must_alloc(room, sizeof *g->targets);
    progress_begin(&p, "drawing follows", g->members);
    for (uint32_t i = 0; i < g->members; i++) {
        uint64_t at = g->target_at[i];
        g->target_at[i + 1] = at + draw_targets(g, &z, i, popular, g->targets + at);
        progress_at(&p, i);
    }
    g->follows = g->target_at[g->members];
    free(popular);
    progress_end(&p);
}

void gen_graph_turn(struct gen *g)
{
    uint64_t *at = must_alloc((size_t)g->members + 2, sizeof *at);
    struct progress p;
    g->sources = must_alloc(g->follows, sizeof *g->sources);
    for (uint64_t e = 0; e < g->follows; e++)
        at[g->targets[e] + 2]++;
    for (size_t i = 2; i < (size_t)g->members + 2; i++)
        at[i] += at[i - 1];
    progress_begin(&p, "turning follows", g->members);
    for (uint32_t i = 0; i < g->members; i++) {
        for (uint64_t e = g->target_at[i]; e < g->target_at[i + 1]; e++)
            g->sources[at[g->targets[e] + 1]++] = i;
        progress_at(&p, i);
    }
    g->source_at = at;
    progress_end(&p);
}

void gen_free(struct gen *g)
{
    void *all[] = { g->target_at, g->targets,    g->source_at, g->sources, g->author, g->parent,
                    g->root,      g->visibility, g->tag,       g->replies, g->posts,  g->last_post };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    memset(g, 0, sizeof *g);
}
