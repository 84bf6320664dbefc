/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Private to sqlite.c, sqlite_open.c and sqlite_writer.c. */
#include <semaphore.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "base/locks.h"
#include "db/cache.h"
#include "db/driver.h"

#define LITE_WHY_MAX    200
#define AHEAD_PAGES_MAX 512 /* asked for at one db_expect */

/* A connection and its prepared statements. */
struct conn {
    sqlite3 *h;
    struct cache cache;
};

/* When the one that writes a file checkpoints it (counts are pages of the WAL). */
struct checkpoint {
    const char *schema;
    int frames; /* in the WAL since it last started over */
    int due_at;
    int step; /* grows while a reader keeps checkpoints from getting on */
};

/* The write connection and its baton. Everything but `lock`, `held`, `first` and `last` belongs to who holds the baton.
 */
struct writer {
    struct conn conn;
    struct lock lock;
    bool held;
    struct lite *first; /* who waits for the baton, in the order they came */
    struct lite *last;

    bool open;           /* the outer transaction */
    struct lite *cohort; /* members that have released their savepoint and wait for COMMIT */
    int64_t members;
    int64_t opened_us;
    int64_t cohort_max;
    struct checkpoint ckpt;
    sqlite3_stmt *fixed[6]; /* enum fixed */
};

struct derived_writer {
    struct conn conn;
    struct lock lock; /* held for the length of a transaction */
    struct checkpoint ckpt;
};

/* A reader's main file, between SQLite and the system (sqlite_ahead.c). */
struct ahead {
    sqlite3_io_methods methods;                                      /* first: the file's own pointer leads here */
    int (*read)(sqlite3_file *f, void *to, int n, sqlite3_int64 at); /* as it was; NULL: nothing is read ahead */
    int fd;
    bool is_trying; /* what is not in the page cache is asked for, not waited for */
    size_t asked_n;
    sqlite3_int64 asked[AHEAD_PAGES_MAX];
    int64_t disk_reads;    /* of the thread, when it was last looked at */
    int64_t disk_until_us; /* so long it counts as one that waits for the disk */
};

struct lite_pool {
    struct db_pool base;
    char *folder;
    int lock_fd;
    int ahead_fd; /* of parley.db; closed last: a close takes SQLite's locks on the file away */
    bool opened;  /* both files */
    int64_t disk_floor_bytes;
    int64_t read_cache_kib;
    bool unsynced;
    _Atomic int64_t space_read_us;
    _Atomic int64_t free_bytes;
    _Atomic int64_t commits;
    _Atomic int64_t transactions;
    struct writer writer;
    struct derived_writer derived;
};

struct lite {
    struct db base;
    struct lite_pool *pool;
    struct conn reader;
    struct ahead ahead;
    int64_t read_until_us; /* 0: not reading */
    size_t reading;        /* statements of the reader that were stepped and not done */

    /* Its place in the queue for the baton or in the cohort, never both. Whoever takes it off posts `wake`. */
    sem_t wake;
    struct lite *next;

    /* The end of its transaction, when that came early: OK, or what it must be told. */
    enum err lost;
    char why[LITE_WHY_MAX];
};

/* sqlite_open.c */
enum err lite_pool_open(struct ctx *c, const struct db_options *o, struct db_pool **out) NODISCARD;
void lite_pool_close(struct db_pool *p);
enum err lite_open(struct ctx *c, struct db_pool *p, struct db **out) NODISCARD;
void lite_close(struct db *db);
bool lite_has_space(struct db_pool *p);
int64_t lite_free_bytes(struct lite_pool *p);

/* sqlite_ahead.c; a lives as long as the connection */
void ahead_watch(struct ahead *a, sqlite3 *h, int fd);
/* Forgets what was asked for. False: this thread has not waited for the disk lately; everything is in memory. */
bool ahead_begin(struct ahead *a);

/* sqlite_writer.c */
enum err lite_begin(struct ctx *c, enum db_tx tx) NODISCARD;
enum err lite_commit(struct ctx *c, enum db_tx tx) NODISCARD;
void lite_rollback(struct ctx *c, enum db_tx tx);
/* A statement of the transaction failed: if SQLite has rolled everything back, nobody of the cohort may believe it
 * stored. */
void lite_check_lost(struct lite *l, enum db_tx tx, enum err e, const char *why);
enum err writer_init(struct ctx *c, struct writer *w, int64_t cohort_max) NODISCARD;
void writer_fini(struct writer *w);
void derived_init(struct derived_writer *d);
void derived_fini(struct derived_writer *d);

/* sqlite.c: what an error of this connection means; the text of it goes to `why`. */
enum err lite_read_error(sqlite3 *h, char why[static LITE_WHY_MAX]) NODISCARD;
void lite_conn_close(struct conn *k);
