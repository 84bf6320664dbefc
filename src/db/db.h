/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/str.h"

/* One small SQL interface over two engines (db/sqlite.c, db/postgres.c). SQL is one text: placeholders $1..$n,
   RETURNING, ON CONFLICT. Where an engine must differ, db_engine_of() chooses between two texts inside one function of
   store/.

   A `struct db_pool` is the process's store: the URL, the writer with its baton, the migrations. A `struct db` is one
   worker's handle: on SQLite a read-only connection of its own and, between db_begin and db_commit, the shared write
   connection; on PostgreSQL one connection. A `struct db` is used by one thread at a time. */
struct db_pool;
struct db;
struct stmt;

enum db_engine { DB_SQLITE, DB_POSTGRES };

struct db_options {
    struct str url;     /* "sqlite:/path/to/folder" (holds parley.db and derived.db) or "postgres://..." (libpq URI) */
    bool partitioned;   /* PostgreSQL: tables are PARTITION BY HASH (bucket); for the sharding tests */
    int64_t cohort_max; /* SQLite: most transactions that share one fsync */
    int64_t disk_floor_mib; /* SQLite: below this much free space a write answers ERR_NO_SPACE */
    int64_t read_cache_kib; /* SQLite: page cache of each reader; the writer has ten times it */
    bool unsynced; /* SQLite: a commit does not wait for the disk; the close does. For what can be made again */
};

/* Opens the store and runs no migration. Locks the folder (SQLite): a second server is refused with ERR_CONFLICT. */
enum err db_pool_open(struct ctx *c, const struct db_options *o, struct db_pool **out) NODISCARD;
void db_pool_close(struct db_pool **p);
enum err db_open(struct ctx *c, struct db_pool *p, struct db **out) NODISCARD; /* a worker's handle */
void db_close(struct db **db);
enum db_engine db_engine_of(const struct db *db);

/* Migrations: applied in order inside transactions, each once, recorded in `migration(version, name, applied_ms)`.
   A store whose newest version is above the newest known is refused in a sentence (ERR_CONFLICT). `progress` may be
   NULL. */
struct db_migration {
    int64_t version;
    const char *name;
    const char *sql; /* with the tokens that db/migrate.h documents */
};
typedef void db_progress_fn(void *arg, const struct db_migration *m, size_t at, size_t of);
enum err db_migrate(struct ctx *c, const struct db_migration *all, size_t n, db_progress_fn *progress,
                    void *arg) NODISCARD;
enum err db_version(struct ctx *c, int64_t *out) NODISCARD; /* 0: empty store */
/* The same for derived.db (SQLite; it may be deleted while the server is down and is made anew) or the schema `derived`
   (PostgreSQL). Its tables are named derived.NAME in migrations and statements; their history is derived.migration. */
enum err db_migrate_derived(struct ctx *c, const struct db_migration *all, size_t n) NODISCARD;

/* A transaction. Between begin and commit statements of c->db go to the writer; outside they are read-only, on both
   engines. Nothing slow or remote may happen between them. db_commit returns OK when the change is on disk (SQLite:
   with its cohort); whatever it returns, the transaction is over. db_rollback outside a transaction does nothing. A
   statement that is still open when its transaction ends is done. A disk that is full is ERR_NO_SPACE here, in db_step
   and in db_commit; what lost a race (PostgreSQL) is ERR_AGAIN; what cannot be reached or takes too long is
   ERR_UNAVAILABLE. Use store/tx.h, not these. */
enum err db_begin(struct ctx *c) NODISCARD;
enum err db_commit(struct ctx *c) NODISCARD;
void db_rollback(struct ctx *c);
bool db_in_tx(const struct db *db);
/* A transaction on derived.db (SQLite) or the schema `derived` (PostgreSQL): same rules, db_commit or db_rollback ends
   it, but not durable. On SQLite its statements see derived.NAME only: read what you need from the main tables before
   it. Readers see both. */
enum err db_begin_derived(struct ctx *c) NODISCARD;

/* Statements are cached by text in the connection; one is in use until db_done. Numbers of parameters start at 1 (200
   at most), of columns at 0. What db_col_str and db_col_blob return lives in the arena given; NULL gives p == NULL. A
   unique key that is taken is ERR_CONFLICT, and on PostgreSQL that ends the transaction: write ON CONFLICT DO NOTHING
   where it may happen. A read outside a transaction ends after 5 s with ERR_UNAVAILABLE. db/migrate.h lists the two
   tokens that statements may use. */
enum err db_stmt(struct ctx *c, struct str sql, struct stmt **out) NODISCARD;
void db_bind_i64(struct stmt *st, int n, int64_t v);
void db_bind_str(struct stmt *st, int n, struct str v);  /* p == NULL binds NULL; bytes must outlive the step */
void db_bind_blob(struct stmt *st, int n, struct str v); /* p == NULL binds NULL */
enum err db_step(struct ctx *c, struct stmt *st, bool *row) NODISCARD;
int64_t db_col_i64(struct stmt *st, int i); /* 0 for NULL */
struct str db_col_str(struct stmt *st, struct arena *a, int i);
struct str db_col_blob(struct stmt *st, struct arena *a, int i);
bool db_col_is_null(struct stmt *st, int i);
void db_done(struct stmt **st);
/* For a statement that gives no row: step once, done. *changed (may be NULL): rows that it wrote. */
enum err db_run(struct ctx *c, struct stmt *st, int64_t *changed) NODISCARD;
/* Several statements, no parameters: migrations and maintenance. */
enum err db_exec(struct ctx *c, struct str sql) NODISCARD;

#define DB_STMT CLEANUP(db_done) struct stmt *

/* Lists of ids as one parameter: binds [1,2,3] for  `IN (SELECT value FROM json_each($n))` (SQLite) and
   `= ANY($n)` (PostgreSQL). Write the SQL as  `id @IN($n)`: db_stmt expands the token for the engine. */
void db_bind_ids(struct stmt *st, int n, const int64_t *ids, size_t count);

/* Statements that are about to be run, each for a row or a few: where reads wait for the disk one after the other
   (SQLite), their pages are fetched side by side. A hint: run them afterwards as if nothing had happened. Does nothing
   on PostgreSQL, in a transaction, while another statement is open, and unless this handle has lately waited for the
   disk, so that it costs nothing where the store is in memory. */
#define DB_EXPECT_ARGS 4
struct db_expected {
    struct str sql;
    int64_t args[DB_EXPECT_ARGS]; /* $1, $2, ...; as many as the text has */
};
void db_expect(struct ctx *c, const struct db_expected *all, size_t n);

/* What an operator asks: size, free space, WAL, commits, checkpoint, pages, integrity. */
struct db_info {
    enum db_engine engine;
    struct str engine_version;
    int64_t version;
    int64_t bytes;
    int64_t wal_bytes;
    int64_t derived_bytes;
    int64_t free_bytes; /* of the file system; -1: not known (PostgreSQL) */
    int64_t commits;    /* cohorts committed since start */
    int64_t transactions;
};
enum err db_info(struct ctx *c, struct db_info *out) NODISCARD;
/* "ok", or what is wrong. Slow (reads everything). */
enum err db_check(struct ctx *c, struct str *verdict) NODISCARD;
/* True while the file system has room (SQLite); re-read at most once a second. Writes fail with ERR_NO_SPACE by
 * themselves. */
bool db_has_space(struct db_pool *p);
