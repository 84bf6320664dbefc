/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Private to db/ and to the tests that make an engine fail: what every engine's pool, handle and statement begin with,
   and the functions that an engine fills in. An engine is one row in db.c. */
#include <stdatomic.h>

#include "db/db.h"

enum db_tx { DB_TX_NONE, DB_TX_MAIN, DB_TX_DERIVED };

/* Parameters of one statement, at most: $1 .. $200. */
#define DB_PARAMS_MAX 200
/* The longest read outside a transaction. A reader that stays longer keeps the WAL from starting over. */
#define DB_READ_MS_MAX 5000

struct db_pool {
    const struct db_driver *drv;
    bool partitioned;
    _Atomic int64_t warned_us; /* when the log was last told of a full disk or a database that does not answer */
};

struct db {
    const struct db_driver *drv;
    struct db_pool *pool;
    enum db_tx tx;
    struct stmt *open; /* statements in use, newest first */
};

/* One use of a statement: from db_stmt to db_done, or to the end of its transaction. In the arena of the unit of work.
 */
struct stmt {
    struct db *db;
    struct arena *arena;
    struct stmt *next;
    enum db_tx tx; /* the transaction it was begun in */
    bool closed;   /* its transaction ended first */
};

struct db_driver {
    enum db_engine engine;
    enum err (*pool_open)(struct ctx *c, const struct db_options *o, struct db_pool **out);
    void (*pool_close)(struct db_pool *p);
    bool (*has_space)(struct db_pool *p);
    enum err (*open)(struct ctx *c, struct db_pool *p, struct db **out);
    void (*close)(struct db *db);

    enum err (*begin)(struct ctx *c, enum db_tx tx);
    enum err (*commit)(struct ctx *c, enum db_tx tx); /* whatever it answers, the transaction is over */
    void (*rollback)(struct ctx *c, enum db_tx tx);

    enum err (*exec)(struct ctx *c, struct str sql);
    enum err (*stmt)(struct ctx *c, struct str sql, struct stmt **out);
    void (*bind_i64)(struct stmt *st, int n, int64_t v);
    void (*bind_str)(struct stmt *st, int n, struct str v);
    void (*bind_blob)(struct stmt *st, int n, struct str v);
    void (*bind_null)(struct stmt *st, int n);
    enum err (*step)(struct ctx *c, struct stmt *st, bool *row);
    int64_t (*col_i64)(struct stmt *st, int i);
    struct str (*col_str)(struct stmt *st, struct arena *a, int i);
    struct str (*col_blob)(struct stmt *st, struct arena *a, int i);
    bool (*col_is_null)(struct stmt *st, int i);
    int64_t (*changed)(struct stmt *st);
    void (*done)(struct stmt *st);
    void (*expect)(struct ctx *c, const struct db_expected *all, size_t n); /* NULL: nothing to be gained */

    enum err (*info)(struct ctx *c, struct db_info *out);
    enum err (*check)(struct ctx *c, struct str *verdict);
};

extern const struct db_driver db_sqlite;
extern const struct db_driver db_postgres;

/* One answer to one kind of failure, whatever the engine. `why` is for the log. */
enum err db_say(struct ctx *c, enum err e, const char *why) NODISCARD;
