/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A store of its own for a test: a temporary folder, a pool, a handle. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "check.h"
#include "db/db.h"

struct fixture {
    char folder[64];
    struct db_options options;
    struct db_pool *pool;
    struct ctx c;
};

static inline int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static inline void remove_tree(const char *path)
{
    (void)nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* What a test cannot go on without. */
static inline void must(enum err e, const struct ctx *c, const char *what)
{
    if (e == OK)
        return;
    (void)printf("%s: error %d: " STR_FMT "\n", what, (int)e, STR_ARG(c->says));
    exit(1);
}
#define MUST(call, c) must((call), (c), #call)

static inline void fixture_folder(struct fixture *f)
{
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/parley_test_XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        exit(1);
    f->c.arena = arena_new();
    f->c.now_ms = 1785542400000;
    f->options.url = arena_strf(f->c.arena, "sqlite:%s", f->folder);
    f->options.cohort_max = 64;
}

static inline void fixture_open(struct fixture *f)
{
    MUST(db_pool_open(&f->c, &f->options, &f->pool), &f->c);
    MUST(db_open(&f->c, f->pool, &f->c.db), &f->c);
}

static inline void fixture_close(struct fixture *f)
{
    db_close(&f->c.db);
    db_pool_close(&f->pool);
}

static inline void fixture_end(struct fixture *f)
{
    fixture_close(f);
    arena_free(&f->c.arena);
    remove_tree(f->folder);
}

/* A handle of its own, for a thread. */
static inline struct ctx fixture_ctx(struct fixture *f)
{
    struct ctx c = { .arena = arena_new(), .now_ms = f->c.now_ms };
    MUST(db_open(&c, f->pool, &c.db), &c);
    return c;
}

static inline void ctx_end(struct ctx *c)
{
    db_close(&c->db);
    arena_free(&c->arena);
}

static inline enum err exec_tx(struct ctx *c, struct str sql)
{
    TRY(db_begin(c));
    enum err e = db_exec(c, sql);
    if (e == OK)
        return db_commit(c);
    db_rollback(c);
    return e;
}

static inline int64_t query(struct ctx *c, struct str sql)
{
    DB_STMT st = NULL;
    bool row = false;
    MUST(db_stmt(c, sql, &st), c);
    MUST(db_step(c, st, &row), c);
    return row ? db_col_i64(st, 0) : -1;
}

#define ITEM STR("CREATE TABLE item (id BIGINT PRIMARY KEY, body TEXT)")

static inline enum err insert(struct ctx *c, int64_t id, struct str body)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("INSERT INTO item (body, id) VALUES ($2, $1)"), &st));
    db_bind_i64(st, 1, id);
    db_bind_str(st, 2, body);
    return db_run(c, st, NULL);
}

/* One item in a transaction of its own. */
static inline enum err put(struct ctx *c, int64_t id, struct str body)
{
    TRY(db_begin(c));
    enum err e = insert(c, id, body);
    if (e == OK)
        return db_commit(c);
    db_rollback(c);
    return e;
}
