/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "db/sqlite.h"
#include "db/token.h"

#define EXPECT_ROWS_MAX   1024 /* of one statement */
#define EXPECT_ROUNDS_MAX 64   /* a page of each statement a round */

struct lite_cached {
    struct cached base;
    sqlite3_stmt *h;
    uint16_t slot[DB_PARAMS_MAX + 1]; /* SQLite numbers $N by first appearance, not by N; 0: not in the text */
};

struct lite_stmt {
    struct stmt base;
    struct lite *lite;
    struct conn *conn;
    struct lite_cached *cached;
    bool stepped;
};

enum err lite_read_error(sqlite3 *h, char why[static LITE_WHY_MAX])
{
    int rc = sqlite3_extended_errcode(h);
    int os = sqlite3_system_errno(h);
    (void)snprintf(why, LITE_WHY_MAX, "%s (%d, %d)", sqlite3_errmsg(h), rc, os);
    if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
        return ERR_CONFLICT;
    switch (rc & 0xff) {
    case SQLITE_FULL: return ERR_NO_SPACE;
    case SQLITE_IOERR: return os == ENOSPC || os == EDQUOT ? ERR_NO_SPACE : ERR_INTERNAL;
    case SQLITE_BUSY:
    case SQLITE_INTERRUPT: return ERR_UNAVAILABLE;
    default: return ERR_INTERNAL;
    }
}

static struct conn *conn_of(struct lite *l)
{
    switch (l->base.tx) {
    case DB_TX_MAIN: return &l->pool->writer.conn;
    case DB_TX_DERIVED: return &l->pool->derived.conn;
    case DB_TX_NONE: break;
    }
    return &l->reader;
}

static enum err lite_fail(struct ctx *c, struct lite *l, enum db_tx tx, sqlite3 *h, const char *sql)
{
    char why[LITE_WHY_MAX];
    enum err e = lite_read_error(h, why);
    lite_check_lost(l, tx, e, why);
    return db_say(c, e, arena_strf(c->arena, "%s: %s", why, sql).p);
}

/* After SQLite has rolled the transaction back by itself, a further statement would run, and commit, on its own. */
static enum err must_be_alive(struct ctx *c, struct lite *l, enum db_tx tx)
{
    return tx == DB_TX_NONE || l->lost == OK ? OK : db_say(c, l->lost, l->why);
}

static enum err lite_exec(struct ctx *c, struct str sql)
{
    struct lite *l = (struct lite *)c->db;
    struct conn *k = conn_of(l);
    const char *text = arena_cstr(c->arena, sql);
    TRY(must_be_alive(c, l, l->base.tx));
    return sqlite3_exec(k->h, text, NULL, NULL, NULL) == SQLITE_OK ? OK : lite_fail(c, l, l->base.tx, k->h, text);
}

static void drop_cached(struct cached *e)
{
    struct lite_cached *k = (struct lite_cached *)e;
    (void)sqlite3_finalize(k->h);
    cache_forget(e);
    free(k);
}

void lite_conn_close(struct conn *k)
{
    cache_clear(&k->cache, drop_cached);
    int rc = sqlite3_close(k->h);
    assert(rc == SQLITE_OK); /* else a statement is still open */
    k->h = NULL;
}

static enum err read_slots(struct ctx *c, struct lite_cached *k)
{
    int n = sqlite3_bind_parameter_count(k->h);
    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(k->h, i);
        int64_t at = 0;
        if (name == NULL || name[0] != '$' || !str_to_i64(str_c(name + 1), &at) || at < 1 || at > DB_PARAMS_MAX)
            return fail_internal(c, "parameters are $1 to $%d: %s", DB_PARAMS_MAX, sqlite3_sql(k->h));
        k->slot[at] = (uint16_t)i;
    }
    return OK;
}

static enum err prepare_text(struct ctx *c, struct lite *l, struct conn *k, struct str sql, struct lite_cached *e)
{
    struct token_rules rules = { .engine = DB_SQLITE };
    struct str text = sql;
    if (memchr(sql.p, '@', sql.n) != NULL)
        TRY(token_expand(c, &rules, sql, &text));
    if (sqlite3_prepare_v3(k->h, text.p, (int)text.n, SQLITE_PREPARE_PERSISTENT, &e->h, NULL) != SQLITE_OK)
        return lite_fail(c, l, l->base.tx, k->h, arena_cstr(c->arena, text));
    return e->h != NULL ? read_slots(c, e) : fail_internal(c, "an empty statement");
}

static enum err prepare(struct ctx *c, struct lite *l, struct conn *k, struct str sql, struct lite_cached **out)
{
    struct lite_cached *e = calloc(1, sizeof *e);
    if (e == NULL)
        abort();
    enum err err = prepare_text(c, l, k, sql, e);
    if (err != OK) {
        (void)sqlite3_finalize(e->h);
        free(e);
        return err;
    }
    cache_add(&k->cache, &e->base, sql);
    *out = e;
    return OK;
}

static enum err lite_stmt(struct ctx *c, struct str sql, struct stmt **out)
{
    struct lite *l = (struct lite *)c->db;
    struct conn *k = conn_of(l);
    TRY(must_be_alive(c, l, l->base.tx));
    struct lite_cached *e = (struct lite_cached *)cache_take(&k->cache, sql);
    if (e == NULL)
        TRY(prepare(c, l, k, sql, &e));
    struct lite_stmt *s = ARENA_NEW(c->arena, struct lite_stmt);
    *s = (struct lite_stmt){ .lite = l, .conn = k, .cached = e };
    *out = &s->base;
    return OK;
}

static int slot(const struct lite_stmt *s, int n)
{
    assert(s->cached->slot[n] != 0); /* the text has no such parameter */
    return s->cached->slot[n];
}

static void must_be_ok(int rc)
{
    assert(rc == SQLITE_OK); /* out of range, or bound between step and done */
}

static void lite_bind_i64(struct stmt *st, int n, int64_t v)
{
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    must_be_ok(sqlite3_bind_int64(s->cached->h, slot(s, n), v));
}

static void lite_bind_str(struct stmt *st, int n, struct str v)
{
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    must_be_ok(sqlite3_bind_text64(s->cached->h, slot(s, n), v.p, v.n, SQLITE_STATIC, SQLITE_UTF8));
}

static void lite_bind_blob(struct stmt *st, int n, struct str v)
{
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    must_be_ok(sqlite3_bind_blob64(s->cached->h, slot(s, n), v.p, v.n, SQLITE_STATIC));
}

static void lite_bind_null(struct stmt *st, int n)
{
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    must_be_ok(sqlite3_bind_null(s->cached->h, slot(s, n)));
}

/* A read transaction lasts from the first step of the first open statement to the end of the last. */
static void read_begins(struct lite_stmt *s)
{
    struct lite *l = s->lite;
    if (s->base.tx == DB_TX_NONE && !s->stepped && l->reading++ == 0 && l->read_until_us == 0)
        l->read_until_us = clock_monotonic_us() + DB_READ_MS_MAX * INT64_C(1000);
    s->stepped = true;
}

static void read_ends(struct lite_stmt *s)
{
    struct lite *l = s->lite;
    if (s->base.tx == DB_TX_NONE && s->stepped && --l->reading == 0)
        l->read_until_us = 0;
    s->stepped = false;
}

static enum err lite_step(struct ctx *c, struct stmt *st, bool *row)
{
    struct lite_stmt *s = (struct lite_stmt *)st;
    *row = false;
    TRY(must_be_alive(c, s->lite, st->tx));
    read_begins(s);
    int rc = sqlite3_step(s->cached->h);
    *row = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return OK;
    return lite_fail(c, s->lite, st->tx, s->conn->h, s->cached->base.sql);
}

static int64_t lite_col_i64(struct stmt *st, int i)
{
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    return sqlite3_column_int64(s->cached->h, i);
}

static struct str lite_col_str(struct stmt *st, struct arena *a, int i)
{
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    const char *p = (const char *)sqlite3_column_text(s->cached->h, i);
    if (p == NULL)
        return (struct str){ NULL, 0 };
    return arena_str(a, (struct str){ p, (size_t)sqlite3_column_bytes(s->cached->h, i) });
}

static struct str lite_col_blob(struct stmt *st, struct arena *a, int i)
{
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    if (sqlite3_column_type(s->cached->h, i) == SQLITE_NULL)
        return (struct str){ NULL, 0 };
    const char *p = sqlite3_column_blob(s->cached->h, i);
    if (p == NULL) /* SQLite gives no address for an empty blob */
        return arena_str(a, STR(""));
    return arena_str(a, (struct str){ p, (size_t)sqlite3_column_bytes(s->cached->h, i) });
}

static bool lite_col_is_null(struct stmt *st, int i)
{
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    return sqlite3_column_type(s->cached->h, i) == SQLITE_NULL;
}

static int64_t lite_changed(struct stmt *st)
{
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    return sqlite3_changes64(s->conn->h);
}

static void lite_done(struct stmt *st)
{
    struct lite_stmt *s = (struct lite_stmt *)st;
    read_ends(s);
    (void)sqlite3_reset(s->cached->h); /* says again what the last step said */
    (void)sqlite3_clear_bindings(s->cached->h);
    if (cache_give(&s->cached->base))
        drop_cached(&s->cached->base);
    s->cached = NULL;
}

/* False: it needs another page. */
static bool try_one(struct ctx *c, struct lite *l, const struct db_expected *e)
{
    struct stmt *st = NULL;
    int rc = SQLITE_ROW;
    if (lite_stmt(c, e->sql, &st) != OK)
        return true; /* whoever runs it is told why */
    const struct lite_stmt *s = (const struct lite_stmt *)st;
    for (int i = 0; i < DB_EXPECT_ARGS; i++)
        if (s->cached->slot[i + 1] != 0)
            lite_bind_i64(st, i + 1, e->args[i]);
    l->ahead.is_trying = true;
    for (int rows = 0; rc == SQLITE_ROW && rows < EXPECT_ROWS_MAX; rows++)
        rc = sqlite3_step(s->cached->h);
    l->ahead.is_trying = false;
    lite_done(st);
    return rc != SQLITE_INTERRUPT;
}

static void lite_expect(struct ctx *c, const struct db_expected *all, size_t n)
{
    struct lite *l = (struct lite *)c->db;
    bool *done = ARENA_ARRAY(c->arena, n, bool);
    size_t left = n;
    if (l->reading > 0 || !ahead_begin(&l->ahead))
        return;
    for (int round = 0; left > 0 && round < EXPECT_ROUNDS_MAX; round++)
        for (size_t i = 0; i < n; i++)
            if (!done[i] && try_one(c, l, &all[i])) {
                done[i] = true;
                left--;
            }
}

static int64_t file_bytes(struct ctx *c, const char *folder, const char *name)
{
    struct stat at;
    struct str path = arena_strf(c->arena, "%s/%s", folder, name);
    return stat(path.p, &at) == 0 ? (int64_t)at.st_size : 0;
}

static enum err lite_info(struct ctx *c, struct db_info *out)
{
    struct lite_pool *p = ((struct lite *)c->db)->pool;
    out->engine_version = arena_strf(c->arena, "SQLite %s", sqlite3_libversion());
    out->bytes = file_bytes(c, p->folder, "parley.db");
    out->wal_bytes = file_bytes(c, p->folder, "parley.db-wal");
    out->derived_bytes = file_bytes(c, p->folder, "derived.db") + file_bytes(c, p->folder, "derived.db-wal");
    out->free_bytes = lite_free_bytes(p);
    out->commits = p->commits;
    out->transactions = p->transactions;
    return OK;
}

/* Of a table WITHOUT ROWID whose every column but the last stored one is in the key, SQLite 3.40 says this for each
   row, whatever the row holds. */
#define NULL_CLAIM STR("NULL value in ")

/* The rows are asked: not IS NULL, which a column that is declared NOT NULL answers without looking. */
static enum err holds_null(struct ctx *c, struct str claim, bool *holds)
{
    struct str column = str_skip(claim, NULL_CLAIM.n);
    struct str table = { 0 };
    DB_STMT st = NULL;
    (void)str_cut(&column, '.', &table);
    TRY(db_stmt(c,
                arena_strf(c->arena, "SELECT 1 FROM " STR_FMT " WHERE typeof(" STR_FMT ") = 'null' LIMIT 1",
                           STR_ARG(table), STR_ARG(column)),
                &st));
    return db_step(c, st, holds);
}

static struct str text_of_first(struct stmt *st)
{
    sqlite3_stmt *h = ((struct lite_stmt *)st)->cached->h;
    return (struct str){ (const char *)sqlite3_column_text(h, 0), (size_t)sqlite3_column_bytes(h, 0) };
}

/* The first thing that is wrong, "ok" when nothing is. */
static enum err integrity(struct ctx *c, struct str *verdict)
{
    DB_STMT st = NULL;
    struct str claim = { 0 };
    bool wrong = false;
    *verdict = STR("ok");
    TRY(db_stmt(c, STR("PRAGMA integrity_check(2147483647)"), &st)); /* of both files */
    for (bool row = true; !wrong;) {
        TRY(db_step(c, st, &row));
        if (!row)
            return OK;
        struct str says = text_of_first(st);
        if (str_eq(says, STR("ok")) || (claim.n > 0 && str_eq(says, claim)))
            continue;
        claim = arena_str(c->arena, says);
        wrong = true;
        if (str_starts(claim, NULL_CLAIM))
            TRY(holds_null(c, claim, &wrong));
    }
    *verdict = claim;
    return OK;
}

static enum err lite_check(struct ctx *c, struct str *verdict)
{
    struct lite *l = (struct lite *)c->db;
    assert(l->base.tx == DB_TX_NONE && l->reading == 0);
    l->read_until_us = INT64_MAX; /* takes as long as it takes */
    enum err e = integrity(c, verdict);
    l->read_until_us = 0;
    return e;
}

const struct db_driver db_sqlite = {
    .engine = DB_SQLITE,
    .pool_open = lite_pool_open,
    .pool_close = lite_pool_close,
    .has_space = lite_has_space,
    .open = lite_open,
    .close = lite_close,
    .begin = lite_begin,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .exec = lite_exec,
    .stmt = lite_stmt,
    .bind_i64 = lite_bind_i64,
    .bind_str = lite_bind_str,
    .bind_blob = lite_bind_blob,
    .bind_null = lite_bind_null,
    .step = lite_step,
    .col_i64 = lite_col_i64,
    .col_str = lite_col_str,
    .col_blob = lite_col_blob,
    .col_is_null = lite_col_is_null,
    .changed = lite_changed,
    .done = lite_done,
    .expect = lite_expect,
    .info = lite_info,
    .check = lite_check,
};
