/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/id.h"

/* The dataset generator: a community of a given size, the same for the same seed, members, follows, parleys and end.
   generate.c: command line and order; gen_graph.c: who follows whom; gen_posts.c: who writes when and answers whom;
   gen_text.c: names and sentences; gen_write_*.c: the rows. One thread; memory about 9 bytes a follow, 14 a parley.

   A member is a rank 0 .. members-1, ordered by creation, so that ids, and every key made of ids, ascend with ranks and
   tables are written in key order. */
struct gen {
    uint64_t seed;
    uint32_t members;
    uint32_t statuses;
    uint64_t follows; /* asked for; then: as drawn, without duplicates */
    int64_t until_ms; /* the newest parley is just before */
    /* gen_graph_draw: targets of rank r are targets[target_at[r]] .. targets[target_at[r + 1]] - 1, ascending */
    uint64_t *target_at;
    uint32_t *targets;
    /* gen_graph_turn: the same edges by target */
    uint64_t *source_at;
    uint32_t *sources;
    /* gen_posts_draw, a cell a parley in the order of time */
    uint32_t *author;
    uint32_t *parent; /* GEN_NONE: not a reply */
    uint32_t *root;   /* of the thread; its own number when it begins one */
    uint8_t *visibility;
    uint16_t *tag; /* GEN_TAGS: none */
    uint32_t *replies;
    /* a cell a member */
    uint32_t *posts;
    uint32_t *last_post; /* GEN_NONE: wrote nothing */
};

#define GEN_NONE        UINT32_MAX
#define GEN_TAGS        512
#define GEN_TEXT_MAX    480
#define GEN_POST_DAYS   30
#define GEN_POSTS_MAX   6000 /* of one member */
#define GEN_DEGREE_MAX  5000 /* members that one follows */
#define GEN_PASSWORD    "correct horse battery staple"
#define GEN_MEMBERS_MAX 100000000

/* A 64-bit mix of a seed and two numbers (splitmix64's finaliser): dice that need no state. */
static inline uint64_t gen_mix(uint64_t seed, uint64_t what, uint64_t i)
{
    uint64_t z = seed ^ (what * 0x9E3779B97F4A7C15U) ^ (i * 0xD1B54A32D192ED03U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* Uniform in [0, 1). */
static inline double gen_unit(uint64_t dice)
{
    return (double)(dice >> 11) * 0x1.0p-53;
}

int64_t gen_account_ms(const struct gen *g, uint32_t rank);
int64_t gen_account_id(const struct gen *g, uint32_t rank);
/* Grows with either rank, so both sides of the relation are written in the order of their page indexes. */
int64_t gen_follow_id(const struct gen *g, uint32_t source, uint32_t target);
int64_t gen_status_ms(const struct gen *g, uint32_t status);
int64_t gen_status_id(const struct gen *g, uint32_t status);
/* The member with a place in the order of popularity (0: most followed). */
uint32_t gen_popular(const struct gen *g, uint32_t place);

void gen_graph_draw(struct gen *g);
void gen_graph_turn(struct gen *g);
void gen_posts_draw(struct gen *g);
void gen_free(struct gen *g);

/* Texts; out has room for GEN_TEXT_MAX bytes. */
struct str gen_username(const struct gen *g, uint32_t rank, char *out);
struct str gen_email(const struct gen *g, uint32_t rank, char *out);
struct str gen_display_name(const struct gen *g, uint32_t rank, char *out);
struct str gen_note(const struct gen *g, uint32_t rank, char *out);
struct str gen_tag(uint32_t tag, char *out);
struct str gen_status_text(const struct gen *g, uint32_t status, char *out);

/* A line that tells how far, how fast and how long still; a terminal gets it in place, a log every ten seconds. */
struct progress {
    const char *what;
    uint64_t total;
    int64_t began_us;
    int64_t told_us;
};
void progress_begin(struct progress *p, const char *what, uint64_t total);
void progress_at(struct progress *p, uint64_t done);
void progress_end(struct progress *p);
