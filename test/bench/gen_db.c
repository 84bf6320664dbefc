/* SPDX-License-Identifier: Apache-2.0 */
#include "gen_db.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATH_ROOM 4096

static void check(const struct gen_db *d, bool ok, const char *what)
{
    if (ok)
        return;
    (void)fprintf(stderr, "\ngenerate: %s: %s: %s\n", d->path, what,
                  d->db == NULL ? "cannot open" : sqlite3_errmsg(d->db));
    exit(1);
}

void gen_db_exec(struct gen_db *d, const char *sql)
{
    check(d, sqlite3_exec(d->db, sql, NULL, NULL, NULL) == SQLITE_OK, sql);
}

void gen_db_open(struct gen_db *d, const char *folder)
{
    static char path[PATH_ROOM];
    sqlite3_stmt *st = NULL;
    (void)snprintf(path, sizeof path, "%s/parley.db", folder);
    *d = (struct gen_db){ .path = path };
    check(d, access(path, F_OK) == 0, "no store: let the server make it first (parley init)");
    check(d, sqlite3_open_v2(path, &d->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK, "open");
    gen_db_exec(d, "PRAGMA journal_mode=DELETE; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                   "PRAGMA cache_size=-524288; PRAGMA temp_store=FILE; PRAGMA threads=1");
    check(d, sqlite3_prepare_v2(d->db, "SELECT 1 FROM status LIMIT 1", -1, &st, NULL) == SQLITE_OK,
          "no table of parleys");
    check(d, sqlite3_step(st) == SQLITE_DONE, "there are parleys in it already");
    (void)sqlite3_finalize(st);
}

void gen_db_close(struct gen_db *d)
{
    gen_db_exec(d, "PRAGMA journal_mode=WAL");
    check(d, sqlite3_close(d->db) == SQLITE_OK, "close");
    d->db = NULL;
    int fd = open(d->path, O_RDWR | O_CLOEXEC);
    check(d, fd >= 0 && fsync(fd) == 0, "fsync");
    (void)close(fd);
}

void gen_db_begin(struct gen_db *d)
{
    gen_db_exec(d, "BEGIN");
}

void gen_db_commit(struct gen_db *d)
{
    gen_db_exec(d, "COMMIT");
}

char *gen_db_drop_index(struct gen_db *d, const char *name)
{
    sqlite3_stmt *st = NULL;
    char drop[128];
    check(d, sqlite3_prepare_v2(d->db, "SELECT sql FROM sqlite_master WHERE name = ?", -1, &st, NULL) == SQLITE_OK,
          name);
    (void)sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    check(d, sqlite3_step(st) == SQLITE_ROW, name);
    char *sql = strdup((const char *)sqlite3_column_text(st, 0));
    (void)sqlite3_finalize(st);
    (void)snprintf(drop, sizeof drop, "DROP INDEX %s", name);
    gen_db_exec(d, drop);
    return sql;
}

void gen_db_make_index(struct gen_db *d, char **sql)
{
    struct progress p;
    progress_begin(&p, "making an index", 1);
    gen_db_exec(d, *sql);
    progress_end(&p);
    free(*sql);
    *sql = NULL;
}

sqlite3_stmt *gen_db_insert(struct gen_db *d, const char *sql)
{
    sqlite3_stmt *st = NULL;
    check(d, sqlite3_prepare_v3(d->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) == SQLITE_OK, sql);
    return st;
}

void gen_bind_i64(sqlite3_stmt *st, int n, int64_t v)
{
    (void)sqlite3_bind_int64(st, n, v);
}

void gen_bind_str(sqlite3_stmt *st, int n, struct str v)
{
    (void)sqlite3_bind_text(st, n, v.p == NULL ? "" : v.p, (int)v.n, SQLITE_STATIC);
}

void gen_db_run(struct gen_db *d, sqlite3_stmt *st)
{
    check(d, sqlite3_step(st) == SQLITE_DONE, sqlite3_sql(st));
    (void)sqlite3_reset(st);
}

void gen_db_done(struct gen_db *d, sqlite3_stmt **st)
{
    check(d, sqlite3_finalize(*st) == SQLITE_OK, "finalize");
    *st = NULL;
}
