/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The store that a test program runs on, named by PARLEY_TEST_ENGINE:
     sqlite       (or nothing) a temporary folder
     postgres     a new database in the cluster of PARLEY_TEST_PG, gone at the end
     partitioned  the same, every sharded table PARTITION BY HASH (bucket)
   Without PARLEY_TEST_PG the last two end the program as "skipped". Failures of the frame itself end it, too. */
#include "base/ctx.h"
#include "db/db.h"

struct engine {
    struct db_options options; /* the url lives in the arena given to engine_init */
    char folder[256];          /* SQLite; "" otherwise */
    char database[64];         /* PostgreSQL; "" otherwise */
};

/* c: an arena and a clock; c->db is not touched. Makes the folder or the database, opens nothing. */
void engine_init(struct engine *e, struct ctx *c);
/* SQLite in an empty folder of the caller's, whatever the environment says. */
void engine_init_in(struct engine *e, struct ctx *c, const char *folder);
/* Every pool on it is closed. Removes the folder or the database. */
void engine_fini(struct engine *e);
bool engine_is_postgres(const struct engine *e);

/* What a test cannot go on without. */
void must(enum err e, const struct ctx *c, const char *what);
#define MUST(call, c) must((call), (c), #call)
