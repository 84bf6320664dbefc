/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/sqlite.h"

/* Nobody else writes, so this is only ever waited for in recovery. */
#define BUSY_MS 5000
/* A WAL that grew beyond this under a long read is cut back when it starts over (64 MiB). */
#define WAL_BYTES_KEPT      67108864
#define WRITER_CACHE_FACTOR 10
/* How often a running read looks at the clock, in steps of SQLite's machine. */
#define READ_CLOCK_OPS 20000
#define SPACE_EVERY_US 1000000

static enum err conn_fail(struct ctx *c, const struct conn *k, const char *what)
{
    return fail_internal(c, "%s: %s", what, k->h == NULL ? "out of memory" : sqlite3_errmsg(k->h));
}

static enum err conn_exec(struct ctx *c, const struct conn *k, struct str sql)
{
    return sqlite3_exec(k->h, sql.p, NULL, NULL, NULL) == SQLITE_OK ? OK : conn_fail(c, k, sql.p);
}

static enum err conn_open(struct ctx *c, struct conn *k, const char *path, int flags)
{
    if (sqlite3_open_v2(path, &k->h, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
        return conn_fail(c, k, path);
    (void)sqlite3_busy_timeout(k->h, BUSY_MS);
    (void)sqlite3_db_config(k->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    (void)sqlite3_db_config(k->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "x" is a name, as on PostgreSQL, never a text */
    (void)sqlite3_db_config(k->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    return conn_exec(c, k, STR("PRAGMA wal_autocheckpoint = 0; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"));
}

static enum err keep_wal(struct ctx *c, const struct conn *k, const char *schema)
{
    int on = 1;
    return sqlite3_file_control(k->h, schema, SQLITE_FCNTL_PERSIST_WAL, &on) == SQLITE_OK ? OK
                                                                                          : conn_fail(c, k, schema);
}

static enum err attach_derived(struct ctx *c, const struct conn *k, const char *folder)
{
    sqlite3_stmt *st = NULL;
    struct str path = arena_strf(c->arena, "%s/derived.db", folder);
    int rc = sqlite3_prepare_v2(k->h, "ATTACH $1 AS derived", -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(st, 1, path.p, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    (void)sqlite3_finalize(st);
    return rc == SQLITE_DONE ? keep_wal(c, k, "derived") : conn_fail(c, k, path.p);
}

/* Says whether the file is in WAL mode now; it may not be able to (a file system without shared memory). */
static enum err use_wal(struct ctx *c, const struct conn *k, const char *schema)
{
    sqlite3_stmt *st = NULL;
    struct str sql = arena_strf(c->arena, "PRAGMA %s.journal_mode = WAL", schema);
    bool is_wal = sqlite3_prepare_v2(k->h, sql.p, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW
                  && str_eq(str_c((const char *)sqlite3_column_text(st, 0)), STR("wal"));
    (void)sqlite3_finalize(st);
    if (!is_wal)
        return conn_fail(c, k, sql.p);
    return conn_exec(c, k, arena_strf(c->arena, "PRAGMA %s.journal_size_limit = %d", schema, WAL_BYTES_KEPT));
}

static enum err open_writer(struct ctx *c, struct lite_pool *p)
{
    struct conn *k = &p->writer.conn;
    struct str path = arena_strf(c->arena, "%s/parley.db", p->folder);
    long long cache_kib = p->read_cache_kib * WRITER_CACHE_FACTOR;
    TRY(conn_open(c, k, path.p, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    TRY(use_wal(c, k, "main"));
    TRY(keep_wal(c, k, "main"));
    return conn_exec(c, k,
                     arena_strf(c->arena, "PRAGMA synchronous = %s; PRAGMA cache_size = -%lld;",
                                p->unsynced ? "OFF" : "FULL", cache_kib));
}

/* Main is in memory, so that the file has the name `derived` here as it has on the readers. */
static enum err open_derived(struct ctx *c, struct lite_pool *p)
{
    struct conn *k = &p->derived.conn;
    TRY(conn_open(c, k, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    TRY(attach_derived(c, k, p->folder));
    TRY(use_wal(c, k, "derived"));
    TRY(conn_exec(c, k,
                  arena_strf(c->arena, "PRAGMA derived.synchronous = OFF; PRAGMA derived.cache_size = -%lld;",
                             (long long)p->read_cache_kib)));
    return conn_exec(c, k, STR("SELECT count(*) FROM derived.sqlite_master"));
}

static void remove_derived(struct ctx *c, const char *folder)
{
    static const char *const parts[] = { "derived.db", "derived.db-wal", "derived.db-shm" };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        (void)unlink(arena_strf(c->arena, "%s/%s", folder, parts[i]).p);
}

/* While derived.db is in use, derived.boot names the boot of the machine. A name of an earlier boot says that the
   machine stopped under it; what was not synced then may be spoilt where nothing would see it. A killed process spoils
   nothing. */
#define BOOT_MAX 64

static struct str read_small(struct ctx *c, const char *path)
{
    char text[BOOT_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (fd >= 0)
        (void)close(fd);
    return n < 0 ? (struct str){ NULL, 0 } : str_trim(arena_str(c->arena, (struct str){ text, (size_t)n }));
}

static enum err mark_derived_in_use(struct ctx *c, const char *folder)
{
    struct str mark = arena_strf(c->arena, "%s/derived.boot", folder);
    struct str was = read_small(c, mark.p);
    struct str is = read_small(c, "/proc/sys/kernel/random/boot_id");
    if (was.p != NULL && !str_eq(was, is)) {
        log_warn(c->id, "the machine stopped while derived.db was in use; it is made anew");
        remove_derived(c, folder);
    }
    int fd = open(mark.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write(fd, is.p, is.n) == (ssize_t)is.n && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return written ? OK : fail_internal(c, "%s: %m", mark.p);
}

static bool sync_file(const char *folder, const char *name)
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return synced;
}

/* After the last connection: opening and closing the file ourselves drops SQLite's locks on it. */
static void mark_derived_at_rest(const char *folder)
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/derived.boot", folder);
    if (sync_file(folder, "derived.db") && sync_file(folder, "derived.db-wal"))
        (void)unlink(path);
}

/* It can be built anew, so what cannot be read is not mourned. */
static enum err open_derived_or_anew(struct ctx *c, struct lite_pool *p)
{
    TRY(mark_derived_in_use(c, p->folder));
    enum err e = open_derived(c, p);
    int code = p->derived.conn.h == NULL ? SQLITE_NOMEM : sqlite3_errcode(p->derived.conn.h) & 0xff;
    if (e == OK || (code != SQLITE_CORRUPT && code != SQLITE_NOTADB))
        return e;
    log_warn(c->id, "derived.db cannot be read; it is made anew");
    lite_conn_close(&p->derived.conn);
    remove_derived(c, p->folder);
    return open_derived(c, p);
}

/* SQLite's WAL needs shared memory and locks that network file systems do not give. */
static enum err refuse_network(struct ctx *c, const char *folder)
{
    static const unsigned long network[] = { 0x6969 /* NFS */, 0x517b /* SMB */, 0xff534d42 /* CIFS */,
                                             0xfe534d42 /* SMB2 */ };
    struct statfs fs;
    if (statfs(folder, &fs) != 0)
        return fail_internal(c, "%s: %m", folder);
    for (size_t i = 0; i < sizeof network / sizeof network[0]; i++)
        if (((unsigned long)fs.f_type & 0xffffffff) == network[i])
            return fail(c, ERR_INVALID,
                        "The data folder %s is on a network file system, where SQLite loses data. Use a local "
                        "disk or PostgreSQL.",
                        folder);
    return OK;
}

static enum err lock_folder(struct ctx *c, struct lite_pool *p)
{
    struct str path = arena_strf(c->arena, "%s/lock", p->folder);
    if (mkdir(p->folder, 0700) != 0 && errno != EEXIST)
        return fail(c, ERR_INVALID, "The data folder %s cannot be made: %m", p->folder);
    TRY(refuse_network(c, p->folder));
    p->lock_fd = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (p->lock_fd < 0)
        return fail(c, ERR_INVALID, "The data folder %s cannot be written: %m", p->folder);
    if (flock(p->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return OK;
    if (errno != EWOULDBLOCK)
        return fail_internal(c, "%s: %m", path.p);
    return fail(c, ERR_CONFLICT, "Another Parley uses the data folder %s. Stop it first, or use another folder.",
                p->folder);
}

static enum err open_all(struct ctx *c, struct lite_pool *p, const struct db_options *o)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
                         0); /* a lock in every allocation; refused, harmlessly, once SQLite runs */
    TRY(lock_folder(c, p));
    TRY(open_writer(c, p));
    TRY(open_derived_or_anew(c, p));
    p->ahead_fd = open(arena_strf(c->arena, "%s/parley.db", p->folder).p, O_RDONLY | O_CLOEXEC);
    p->opened = true;
    derived_init(&p->derived);
    return writer_init(c, &p->writer, o->cohort_max);
}

enum err lite_pool_open(struct ctx *c, const struct db_options *o, struct db_pool **out)
{
    struct str folder = str_skip(o->url, sizeof "sqlite:" - 1);
    if (folder.n == 0)
        return fail(c, ERR_INVALID, "sqlite: needs a folder");
    struct lite_pool *p = calloc(1, sizeof *p);
    if (p == NULL)
        abort();
    *p = (struct lite_pool){
        .base = { .drv = &db_sqlite },
        .folder = strndup(folder.p, folder.n),
        .lock_fd = -1,
        .ahead_fd = -1,
        .disk_floor_bytes = o->disk_floor_mib * 1024 * 1024,
        .read_cache_kib = o->read_cache_kib > 0 ? o->read_cache_kib : 2048,
        .unsynced = o->unsynced,
        .space_read_us = -SPACE_EVERY_US,
    };
    enum err e = open_all(c, p, o);
    if (e != OK) {
        lite_pool_close(&p->base);
        return e;
    }
    *out = &p->base;
    return OK;
}

void lite_pool_close(struct db_pool *pool)
{
    struct lite_pool *p = (struct lite_pool *)pool;
    writer_fini(&p->writer);
    derived_fini(&p->derived);
    if (p->opened && p->unsynced && (!sync_file(p->folder, "parley.db-wal") || !sync_file(p->folder, "parley.db")))
        log_warn(STR("close"), "%s: what was written may not survive a power cut", p->folder);
    if (p->opened)
        mark_derived_at_rest(p->folder);
    if (p->ahead_fd >= 0)
        (void)close(p->ahead_fd);
    if (p->lock_fd >= 0)
        (void)close(p->lock_fd);
    free(p->folder);
    free(p);
}

static int read_too_long(void *arg)
{
    const struct lite *l = arg;
    return l->read_until_us != 0 && clock_monotonic_us() > l->read_until_us;
}

static enum err open_reader(struct ctx *c, struct lite *l)
{
    struct lite_pool *p = l->pool;
    struct str path = arena_strf(c->arena, "%s/parley.db", p->folder);
    TRY(conn_open(c, &l->reader, path.p, SQLITE_OPEN_READONLY));
    TRY(keep_wal(c, &l->reader, "main"));
    if (p->ahead_fd >= 0)
        ahead_watch(&l->ahead, l->reader.h, p->ahead_fd);
    TRY(attach_derived(c, &l->reader, p->folder)); /* read-only too: it inherits the flags */
    sqlite3_progress_handler(l->reader.h, READ_CLOCK_OPS, read_too_long, l);
    return conn_exec(c, &l->reader,
                     arena_strf(c->arena, "PRAGMA cache_size = -%lld; PRAGMA derived.cache_size = -%lld;",
                                (long long)p->read_cache_kib, (long long)p->read_cache_kib));
}

enum err lite_open(struct ctx *c, struct db_pool *pool, struct db **out)
{
    struct lite *l = calloc(1, sizeof *l);
    if (l == NULL)
        abort();
    l->base = (struct db){ .drv = &db_sqlite, .pool = pool };
    l->pool = (struct lite_pool *)pool;
    (void)sem_init(&l->wake, 0, 0);
    enum err e = open_reader(c, l);
    if (e != OK) {
        lite_close(&l->base);
        return e;
    }
    *out = &l->base;
    return OK;
}

void lite_close(struct db *db)
{
    struct lite *l = (struct lite *)db;
    lite_conn_close(&l->reader);
    (void)sem_destroy(&l->wake);
    free(l);
}

/* Several threads may find the value old and read it again: harmless. */
int64_t lite_free_bytes(struct lite_pool *p)
{
    struct statvfs fs;
    int64_t now = clock_monotonic_us();
    if (now - p->space_read_us >= SPACE_EVERY_US && statvfs(p->folder, &fs) == 0) {
        p->free_bytes = (int64_t)(fs.f_bavail * fs.f_frsize);
        p->space_read_us = now;
    }
    return p->free_bytes;
}

bool lite_has_space(struct db_pool *pool)
{
    struct lite_pool *p = (struct lite_pool *)pool;
    return lite_free_bytes(p) >= p->disk_floor_bytes;
}
