/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/metrics.h"
#include "cases.h"

static void a_conflict_does_not_end_the_transaction(struct ctx *c)
{
    MUST(db_begin(c), c);
    CHECK(insert(c, 1, STR("again")) == ERR_CONFLICT && insert(c, 2, STR("two")) == OK);
    MUST(db_commit(c), c);
    CHECK(query(c, STR("SELECT count(*) FROM item")) == 2);
}

static void second_server_is_refused(struct fixture *f)
{
    struct db_pool *second = NULL;
    struct ctx c = { .arena = f->c.arena };
    struct db_options nonsense = { .url = STR("mysql://x") };
    CHECK(db_pool_open(&c, &f->options, &second) == ERR_CONFLICT && second == NULL);
    CHECK(str_starts(c.says, STR("Another Parley uses the data folder")));
    CHECK(db_pool_open(&c, &nonsense, &second) == ERR_INVALID && second == NULL);
}

static void a_spoilt_derived_file_is_made_anew(struct fixture *f)
{
    struct ctx *c = &f->c;
    MUST(db_begin_derived(c), c);
    MUST(db_exec(c, STR("CREATE TABLE derived.trend (day BIGINT)")), c);
    MUST(db_commit(c), c);
    CHECK(query(c, STR("SELECT count(*) FROM derived.trend")) == 0);
    fixture_close(f);
    CHECK(remove(arena_strf(c->arena, "%s/derived.db-wal", f->folder).p) == 0); /* it holds the pages, unspoilt */
    int fd = open(arena_strf(c->arena, "%s/derived.db", f->folder).p, O_WRONLY | O_TRUNC);
    CHECK(fd >= 0 && write(fd, "this is no database, and long enough to see it", 46) == 46);
    (void)close(fd);
    fixture_open(f);
    CHECK(query(c, STR("SELECT count(*) FROM derived.sqlite_master")) == 0);
    CHECK(query(c, STR("SELECT count(*) FROM item")) == 2); /* parley.db is untouched */
}

/* derived.db is not synced: after a power cut nobody can say what it holds. */
static void a_power_cut_empties_the_derived_file(struct fixture *f)
{
    struct ctx *c = &f->c;
    struct str mark = arena_strf(c->arena, "%s/derived.boot", f->folder);
    MUST(db_begin_derived(c), c);
    MUST(db_exec(c, STR("CREATE TABLE derived.trend (day BIGINT)")), c);
    MUST(db_commit(c), c);
    CHECK(access(mark.p, F_OK) == 0);
    fixture_close(f);
    CHECK(access(mark.p, F_OK) != 0);
    fixture_open(f); /* closed in order: it is as it was */
    CHECK(query(c, STR("SELECT count(*) FROM derived.trend")) == 0);
    fixture_close(f);
    int fd = open(mark.p, O_WRONLY | O_CREAT, 0600);
    CHECK(fd >= 0 && write(fd, "an earlier boot\n", 16) == 16);
    (void)close(fd);
    fixture_open(f);
    CHECK(query(c, STR("SELECT count(*) FROM derived.sqlite_master")) == 0);
    CHECK(query(c, STR("SELECT count(*) FROM item")) == 2);
}

static void tells_its_state(struct fixture *f)
{
    struct ctx *c = &f->c;
    struct db_info info;
    struct str verdict;
    MUST(db_info(c, &info), c);
    CHECK(info.engine == DB_SQLITE && info.bytes > 0 && info.wal_bytes > 0 && info.free_bytes > 0 && info.version == 0);
    MUST(db_check(c, &verdict), c);
    CHECK(str_eq(verdict, STR("ok")) && db_has_space(f->pool));
}

/* Debian 12's SQLite finds NULL in every row of such a table; 'parley db check' said that a sound store is spoilt. */
static void a_sound_store_is_intact(struct ctx *c)
{
    struct str verdict;
    MUST(exec_tx(c, STR("CREATE TABLE pair (bucket INTEGER NOT NULL, a BIGINT NOT NULL, b BIGINT NOT NULL,"
                        " PRIMARY KEY (a, b)) WITHOUT ROWID; INSERT INTO pair VALUES (1, 2, 3), (1, 2, 4)")),
         c);
    MUST(db_check(c, &verdict), c);
    CHECK(str_eq(verdict, STR("ok")));
    MUST(exec_tx(c, STR("DROP TABLE pair")), c);
}

/* Rows that were written before a column was NOT NULL. */
static void a_null_that_is_there_is_told(struct fixture *f)
{
    struct ctx *c = &f->c;
    struct str verdict;
    MUST(exec_tx(c, STR("CREATE TABLE pair (bucket INTEGER, a BIGINT NOT NULL, b BIGINT NOT NULL,"
                        " PRIMARY KEY (a, b)) WITHOUT ROWID; INSERT INTO pair VALUES (1, 2, 3), (NULL, 2, 4);"
                        " PRAGMA writable_schema = ON;"
                        " UPDATE sqlite_schema SET sql = replace(sql, 'bucket INTEGER', 'bucket INTEGER NOT NULL')"
                        " WHERE name = 'pair'; PRAGMA writable_schema = OFF")),
         c);
    fixture_close(f);
    fixture_open(f);
    MUST(db_check(c, &verdict), c);
    CHECK(str_eq(verdict, STR("NULL value in pair.bucket")));
    MUST(exec_tx(c, STR("DROP TABLE pair")), c);
}

/* Checkpoints keep the WAL near its limit (16 MiB) although 40 MiB are written. */
static void the_wal_starts_over(struct fixture *f)
{
    static const char body[1 << 20] = "x";
    struct db_info info;
    for (int i = 0; i < 40; i++)
        CHECK(put(&f->c, 5000 + i, (struct str){ body, sizeof body }) == OK);
    MUST(db_info(&f->c, &info), &f->c);
    CHECK(info.bytes > 30 << 20 && info.wal_bytes < 24 << 20);
    MUST(exec_tx(&f->c, STR("DELETE FROM item WHERE id >= 5000")), &f->c);
}

static int64_t asked_ahead(void)
{
    static struct metrics m; /* large */
    metrics_read(&m);
    return m.v[METRIC_READ_AHEAD];
}

/* Asks for the main file to leave the page cache. */
static void forget_pages(struct fixture *f)
{
    int fd = open(arena_strf(f->c.arena, "%s/parley.db", f->folder).p, O_RDONLY);
    CHECK(fd >= 0 && fdatasync(fd) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
    (void)close(fd);
}

/* False: much of the main file is in the page cache, as where a file system keeps files in memory, or while the system
   is busy with its pages. */
static bool is_on_disk(struct fixture *f)
{
    struct stat st;
    size_t here = 0;
    int fd = open(arena_strf(f->c.arena, "%s/parley.db", f->folder).p, O_RDONLY);
    CHECK(fd >= 0 && fstat(fd, &st) == 0);
    size_t pages = ((size_t)st.st_size + 4095) / 4096;
    unsigned char *resident = arena_alloc(f->c.arena, pages);
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(map != MAP_FAILED && mincore(map, (size_t)st.st_size, resident) == 0);
    for (size_t i = 0; i < pages; i++)
        here += resident[i] & 1;
    (void)munmap(map, (size_t)st.st_size);
    (void)close(fd);
    return here < pages / 20;
}

#define ROWS  2000
#define WIDTH 4000 /* a page each */

static void put_rows(struct fixture *f)
{
    static char body[WIDTH];
    MUST(db_begin(&f->c), &f->c);
    for (int64_t i = 0; i < ROWS; i++) {
        memset(body, (int)('a' + i % 26), sizeof body);
        CHECK(insert(&f->c, 1000 + i, (struct str){ body, sizeof body }) == OK);
    }
    CHECK(db_commit(&f->c) == OK);
}

static void expect_items(struct fixture *f, int64_t from)
{
    struct db_expected all[50];
    for (int64_t i = 0; i < 50; i++)
        all[i] = (struct db_expected){ STR("SELECT body FROM item WHERE id = $1"), { from + i * 7 } };
    all[49].sql = STR("SELECT nothing FROM nowhere"); /* whoever runs it is told */
    db_expect(&f->c, all, 50);
}

static void what_is_expected_is_read_ahead(struct fixture *f)
{
    struct ctx *c = &f->c;
    int64_t before = asked_ahead();
    fixture_close(f);
    fixture_open(f);
    forget_pages(f);
    CHECK(query(c, STR("SELECT length(body) FROM item WHERE id = 1900")) == WIDTH);
    bool on_disk = is_on_disk(f);
    expect_items(f, 1000);
    CHECK(!on_disk || asked_ahead() > before); /* how many: the system's own reading ahead may be there first */
    for (int64_t i = 0; i < 49; i++) {
        DB_STMT st = NULL;
        bool row = false;
        MUST(db_stmt(c, STR("SELECT body FROM item WHERE id = $1"), &st), c);
        db_bind_i64(st, 1, 1000 + i * 7);
        MUST(db_step(c, st, &row), c);
        struct str body = row ? db_col_str(st, c->arena, 0) : STR("");
        CHECK(body.n == WIDTH && body.p[0] == 'a' + i * 7 % 26 && body.p[WIDTH - 1] == body.p[0]);
    }
}

/* An open statement would lose its place, a transaction reads by another connection. */
static void nothing_is_read_ahead_of_others(struct fixture *f)
{
    struct ctx *c = &f->c;
    DB_STMT st = NULL;
    bool row = false;
    int64_t before = asked_ahead();
    forget_pages(f);
    MUST(db_stmt(c, STR("SELECT id FROM item WHERE id >= 2000 ORDER BY id"), &st), c);
    CHECK(db_step(c, st, &row) == OK && row && db_col_i64(st, 0) == 2000);
    expect_items(f, 1500);
    CHECK(db_step(c, st, &row) == OK && row && db_col_i64(st, 0) == 2001);
    db_done(&st);
    MUST(db_begin(c), c);
    expect_items(f, 2500);
    MUST(db_exec(c, STR("DELETE FROM item WHERE id >= 1000")), c);
    CHECK(db_commit(c) == OK && asked_ahead() == before);
}

static void a_long_read_ends(struct ctx *c)
{
    DB_STMT st = NULL;
    bool row = false;
    int64_t begun_us = clock_monotonic_us();
    MUST(db_stmt(c, STR("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"), &st),
         c);
    CHECK(db_step(c, st, &row) == ERR_UNAVAILABLE);
    CHECK(clock_monotonic_us() - begun_us < 30 * 1000000);
    db_done(&st);
    CHECK(query(c, STR("SELECT count(*) FROM item")) == 2); /* and the handle lives on */
}

static void the_floor_refuses_writes(void)
{
    struct fixture f = { .options.disk_floor_mib = 1 << 30 };
    fixture_folder(&f);
    fixture_open(&f);
    CHECK(!db_has_space(f.pool) && db_begin(&f.c) == ERR_NO_SPACE && !db_in_tx(f.c.db));
    CHECK(str_eq(f.c.says, STR("The server's disk is full; nothing was stored. Try again later.")));
    fixture_end(&f);
}

static enum err put_large(struct ctx *c, int64_t id)
{
    static const char body[65536] = "x";
    return put(c, id, (struct str){ body, sizeof body });
}

static void a_full_disk_stores_nothing_and_heals(void)
{
    struct fixture f = { 0 };
    struct str verdict;
    int64_t id = 0;
    enum err e = OK;
    fixture_folder(&f);
    if (mount("tmpfs", f.folder, "tmpfs", 0, "size=8m") != 0) {
        (void)printf("full disk: skipped, cannot mount a small file system: %m\n");
        remove_tree(f.folder);
        return;
    }
    struct str ballast = arena_strf(f.c.arena, "%s/ballast", f.folder);
    int fd = open(ballast.p, O_WRONLY | O_CREAT, 0600);
    CHECK(fd >= 0 && posix_fallocate(fd, 0, 4 << 20) == 0);
    (void)close(fd);
    fixture_open(&f);
    MUST(exec_tx(&f.c, ITEM), &f.c);
    while (e == OK && id < 1000)
        e = put_large(&f.c, ++id);
    CHECK(e == ERR_NO_SPACE && id > 1 && !db_in_tx(f.c.db));
    CHECK(query(&f.c, STR("SELECT count(*) FROM item")) == id - 1); /* what was acknowledged, no more */
    CHECK(put_large(&f.c, id) == ERR_NO_SPACE);
    CHECK(unlink(ballast.p) == 0);
    CHECK(put_large(&f.c, id) == OK);
    CHECK(query(&f.c, STR("SELECT max(id) FROM item")) == id);
    CHECK(db_check(&f.c, &verdict) == OK && str_eq(verdict, STR("ok")));
    fixture_close(&f);
    CHECK(umount(f.folder) == 0);
    arena_free(&f.c.arena);
    remove_tree(f.folder);
}

int main(void)
{
    struct fixture f = { 0 };
    fixture_folder(&f);
    fixture_open(&f);
    values_come_back(&f.c);
    lists_of_ids(&f.c);
    same_text_twice_at_once(&f.c);
    transactions_hold(&f.c);
    a_statement_ends_with_its_transaction(&f.c);
    a_conflict_does_not_end_the_transaction(&f.c);
    second_server_is_refused(&f);
    a_spoilt_derived_file_is_made_anew(&f);
    a_power_cut_empties_the_derived_file(&f);
    tells_its_state(&f);
    a_sound_store_is_intact(&f.c);
    a_null_that_is_there_is_told(&f);
    put_rows(&f);
    the_wal_starts_over(&f); /* and so the rows are in the main file */
    what_is_expected_is_read_ahead(&f);
    nothing_is_read_ahead_of_others(&f);
    a_long_read_ends(&f.c);
    fixture_end(&f);
    the_floor_refuses_writes();
    a_full_disk_stores_nothing_and_heals();
    return check_done();
}
