/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"

/* The people of the demo community: names, profiles, interests, how much they talk, whom they follow. */
#define DEMO_INTERESTS 3

struct demo_person {
    struct account *account;
    size_t topics[DEMO_INTERESTS];
    const char *language; /* NULL: English only */
    uint64_t weight;      /* how much they talk, beside the others' */
};

struct demo_people {
    struct arena *arena;
    struct demo_person *all;
    int64_t n;
    uint64_t weights;
};

/* Creates everybody, the demo account first, and lets them follow each other. `dice` draws. */
enum err demo_people_make(struct ctx *c, struct ctx *dice, int64_t n, struct demo_people *out) NODISCARD;
const struct demo_person *demo_person_at(const struct demo_people *p, int64_t i);
int64_t demo_draw_person(const struct demo_people *p, struct ctx *dice); /* by weight */
bool demo_likes(const struct demo_person *p, size_t topic);
