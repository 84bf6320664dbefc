/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "gen.h"
#include "model/status_draft.h"

/* A third of the members write; the number of parleys falls as 1/place^0.6, at most 6,000; who is followed much writes
   much. Times are even over the 30 days. A quarter answers one of the last parleys that everybody may see. */
#define AUTHORS_PART 3
#define POSTS_EXP    0.6
#define REPLY_PART   0.25
#define REPLY_REACH  50000.0 /* how far back an answer may lie, in parleys */
#define TAG_PART     0.2
#define TRIES_MAX    64

enum { DICE_AUTHOR = 20, DICE_NEAR, DICE_TIME, DICE_LOW, DICE_REPLY, DICE_SEEN, DICE_TAG };

static int64_t slot_ms(const struct gen *g, uint32_t status)
{
    return (int64_t)((unsigned __int128)status * (uint64_t)(GEN_POST_DAYS * DAY_MS) / g->statuses);
}

int64_t gen_status_ms(const struct gen *g, uint32_t status)
{
    int64_t from = slot_ms(g, status);
    uint64_t room = (uint64_t)(slot_ms(g, status + 1) - from);
    int64_t jitter = room < 2 ? 0 : (int64_t)(gen_mix(g->seed, DICE_TIME, status) % room);
    return g->until_ms - GEN_POST_DAYS * DAY_MS + from + jitter;
}

int64_t gen_status_id(const struct gen *g, uint32_t status)
{
    int64_t bucket = id_bucket(gen_account_id(g, g->author[status]));
    uint64_t dice = gen_mix(g->seed, DICE_LOW, status);
    return id_floor(gen_status_ms(g, status)) | bucket << ID_RAND_BITS | (int64_t)(dice & ((1U << ID_RAND_BITS) - 1));
}

static uint32_t draw_author(struct gen *g, uint32_t status, const uint32_t *popular)
{
    uint32_t authors = g->members / AUTHORS_PART > 0 ? g->members / AUTHORS_PART : 1;
    uint32_t who = 0;
    for (uint64_t t = 0; t < TRIES_MAX; t++) {
        uint64_t dice = gen_mix(g->seed, DICE_AUTHOR, (uint64_t)status * TRIES_MAX + t);
        double x = (double)authors * pow(gen_unit(dice), 1 / (1 - POSTS_EXP));
        uint32_t place = (uint32_t)fmin(x, (double)(authors - 1));
        uint32_t near = (uint32_t)(gen_mix(g->seed, DICE_NEAR, place) % AUTHORS_PART);
        uint64_t popularity = (uint64_t)place * AUTHORS_PART + near;
        who = popular[popularity < g->members ? popularity : 0];
        if (g->posts[who] < GEN_POSTS_MAX)
            return who;
    }
    return who;
}

/* Mostly the very last ones; never one that only followers see. */
static uint32_t draw_parent(const struct gen *g, uint32_t status)
{
    uint64_t dice = gen_mix(g->seed, DICE_REPLY, status);
    if (status == 0 || gen_unit(dice) >= REPLY_PART)
        return GEN_NONE;
    double u = gen_unit(gen_mix(g->seed, DICE_REPLY, dice));
    double back = 1 + REPLY_REACH * u * u * u;
    if (back > (double)status)
        return GEN_NONE;
    uint32_t at = status - (uint32_t)back;
    return g->visibility[at] == VIS_PRIVATE ? GEN_NONE : at;
}

static uint8_t draw_visibility(const struct gen *g, uint32_t status)
{
    uint64_t roll = gen_mix(g->seed, DICE_SEEN, status) % 100;
    return roll < 88 ? VIS_PUBLIC : roll < 96 ? VIS_UNLISTED : VIS_PRIVATE;
}

static uint16_t draw_tag(const struct gen *g, uint32_t status)
{
    uint64_t dice = gen_mix(g->seed, DICE_TAG, status);
    double u = gen_unit(gen_mix(g->seed, DICE_TAG, dice));
    return gen_unit(dice) >= TAG_PART ? GEN_TAGS : (uint16_t)(GEN_TAGS * u * u * u);
}

static void draw_one(struct gen *g, uint32_t i, const uint32_t *popular)
{
    uint32_t who = draw_author(g, i, popular);
    g->author[i] = who;
    g->posts[who]++;
    g->last_post[who] = i;
    g->visibility[i] = draw_visibility(g, i);
    g->tag[i] = draw_tag(g, i);
    g->parent[i] = draw_parent(g, i);
    g->root[i] = g->parent[i] == GEN_NONE ? i : g->root[g->parent[i]];
    if (g->parent[i] != GEN_NONE)
        g->replies[g->parent[i]]++;
}

void gen_posts_draw(struct gen *g)
{
    struct progress p;
    size_t n = (size_t)g->statuses + 1;
    uint32_t *popular = malloc(g->members * sizeof *popular);
    g->author = calloc(n, sizeof *g->author);
    g->parent = calloc(n, sizeof *g->parent);
    g->root = calloc(n, sizeof *g->root);
    g->visibility = calloc(n, sizeof *g->visibility);
    g->tag = calloc(n, sizeof *g->tag);
    g->replies = calloc(n, sizeof *g->replies);
    g->posts = calloc(g->members, sizeof *g->posts);
    g->last_post = malloc(g->members * sizeof *g->last_post);
    if (popular == NULL || g->author == NULL || g->parent == NULL || g->root == NULL || g->visibility == NULL
        || g->tag == NULL || g->replies == NULL || g->posts == NULL || g->last_post == NULL) {
        (void)fprintf(stderr, "generate: not enough memory\n");
        exit(1);
    }
    for (uint32_t i = 0; i < g->members; i++) {
        popular[i] = gen_popular(g, i);
        g->last_post[i] = GEN_NONE;
    }
    progress_begin(&p, "drawing parleys", g->statuses);
    for (uint32_t i = 0; i < g->statuses; i++) {
        draw_one(g, i, popular);
        progress_at(&p, i);
    }
    free(popular);
    progress_end(&p);
}
