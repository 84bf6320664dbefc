/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "main/server.h"

/* A believable community in an empty store, written through core/ as its members would have done it, with the clock set
   back: so that every rule applies to it. The same seed gives the same people and the same talk. Runs on: the main
   thread, before anything else uses the store. */
#define DEMO_MEMBERS_MAX 5000
#define DEMO_PARLEYS_MAX 1000000
#define DEMO_USER        "demo"
#define DEMO_PASSWORD    "harbour lights at seven"

struct demo_plan {
    int64_t members;
    int64_t parleys; /* replies are among them; echoes, favourites and follows come on top */
    int64_t days;
    int64_t seed;
};
typedef void demo_progress_fn(void *arg, int64_t done, int64_t of);
/* `c` as server_prepare left it: c->idgen is its own afterwards. */
enum err demo_fill(struct ctx *c, const struct demo_plan *plan, demo_progress_fn *progress, void *arg) NODISCARD;
