/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A small network for tests of the rules: a real store on the engine under test (engine.h), the site, the feed,
   members. Failures of the frame itself end the program. */
#include <stdbool.h>

#include "base/ctx.h"
#include "engine.h"
#include "model/account.h"
#include "model/site.h"

struct db_pool;

#define WORLD_NOW_MS INT64_C(1785592800000) /* 2026-08-01 14:00 UTC */

struct world {
    struct engine engine;
    struct db_pool *pool;
    struct site_box *sites;
    struct feed *feed;
    struct idgen *idgen;
    struct ctx c; /* the test's own unit of work; its now_ms is the clock */
};

void world_open(struct world *w);
void world_open_in(struct world *w, const char *folder); /* SQLite in an empty one; removed by world_close */
void world_close(struct world *w);
/* Another unit of work, for a thread or another reader: own arena, own handle, the same clock. */
struct ctx world_ctx(struct world *w, const struct account *me);
void world_ctx_end(struct ctx *c);

/* A confirmed member. Read anew by world_reread when something about them was changed. */
struct account *world_member(struct ctx *c, const char *name);
struct account *world_reread(struct ctx *c, const struct account *a);

/* Both sides of a relation, written to the store as the rules would. */
void world_follow(struct ctx *c, const struct account *who, const struct account *whom, bool notify);
void world_block(struct ctx *c, const struct account *who, const struct account *whom);
void world_mute(struct ctx *c, const struct account *who, const struct account *whom);
void world_stand(struct ctx *c, const struct account *a, enum standing_kind kind);

/* One statement in a transaction of its own, and the first column of a first row (-1: none). */
void world_exec(struct ctx *c, const char *fmt, ...) PRINTF(2, 3);
int64_t world_query(struct ctx *c, const char *fmt, ...) PRINTF(2, 3);
/* How often an id stands in any whole-number column of any table, less those of `but` ("table" or "table.column", to
   NULL). */
int64_t world_places(struct ctx *c, int64_t id, const char *const *but, bool show);
