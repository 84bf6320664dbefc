/* SPDX-License-Identifier: Apache-2.0 */
/* Needs an empty database of its own: PARLEY_TEST_PG=postgres://... ; without it the test is skipped. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "cases.h"

#define SKIPPED 77 /* what meson takes for "skipped" */
#define THREADS 8
#define COMMITS 20

/* Wipes the database, unless it holds a table that is not from this test. */
static void empty_database(struct ctx *c)
{
    int64_t foreign =
        query(c, STR("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'derived') AND tablename !~"
                     " '^(v|n|item|migration|half|only_one|(status|follow|claim|trend)(_p[0-3])?)$'"));
    if (foreign != 0) {
        (void)printf("PARLEY_TEST_PG names a database with other tables; it is left alone\n");
        exit(1);
    }
    MUST(exec_tx(c, STR("DROP SCHEMA IF EXISTS derived CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public")), c);
}

static void text_with_nul_is_refused(struct ctx *c)
{
    MUST(db_begin(c), c);
    CHECK(insert(c, 50, (struct str){ "a\0b", 3 }) == ERR_INVALID);
    db_rollback(c);
}

static void a_failed_transaction_does_not_commit(struct ctx *c)
{
    MUST(db_begin(c), c);
    CHECK(insert(c, 60, STR("lost")) == OK && insert(c, 1, STR("again")) == ERR_CONFLICT);
    CHECK(db_commit(c) != OK); /* PostgreSQL answers COMMIT with success, and rolls back */
    CHECK(query(c, STR("SELECT count(*) FROM item WHERE id = 60")) == 0);
}

static void kill_session(struct fixture *f, int64_t pid)
{
    struct ctx other = fixture_ctx(f);
    CHECK(query(&other, arena_strf(other.arena, "SELECT pg_terminate_backend(%lld)", (long long)pid)) == 1);
    while (
        query(&other, arena_strf(other.arena, "SELECT count(*) FROM pg_stat_activity WHERE pid = %lld", (long long)pid))
        > 0)
        continue;
    ctx_end(&other);
}

static void a_lost_connection_is_made_again(struct fixture *f)
{
    struct ctx *c = &f->c;
    kill_session(f, query(c, STR("SELECT pg_backend_pid()")));
    CHECK(query(c, STR("SELECT count(*) FROM item")) == 1); /* outside a transaction nobody notices */
    kill_session(f, query(c, STR("SELECT pg_backend_pid()")));
    CHECK(put(c, 70, STR("after")) == OK);
    MUST(db_begin(c), c);
    CHECK(insert(c, 71, STR("lost")) == OK);
    kill_session(f, query(c, STR("SELECT pg_backend_pid()")));
    CHECK(insert(c, 72, STR("lost too")) == ERR_UNAVAILABLE);
    CHECK(insert(c, 73, STR("not outside it either")) == ERR_UNAVAILABLE);
    CHECK(db_commit(c) == ERR_UNAVAILABLE && !db_in_tx(c->db));
    CHECK(query(c, STR("SELECT count(*) FROM item WHERE id > 70")) == 0);
}

/* Two transactions want each other's row: one of them must be told to run again. */
struct wants {
    struct fixture *f;
    pthread_barrier_t *both;
    int64_t first;
    int64_t second;
    enum err ended;
};

static enum err touch(struct ctx *c, int64_t id)
{
    DB_STMT st = NULL;
    TRY(db_stmt(c, STR("UPDATE item SET body = 'touched' WHERE id = $1"), &st));
    db_bind_i64(st, 1, id);
    return db_run(c, st, NULL);
}

static void *want_both(void *arg)
{
    struct wants *w = arg;
    struct ctx c = fixture_ctx(w->f);
    MUST(db_begin(&c), &c);
    MUST(touch(&c, w->first), &c);
    (void)pthread_barrier_wait(w->both);
    w->ended = touch(&c, w->second);
    if (w->ended == OK)
        w->ended = db_commit(&c);
    db_rollback(&c);
    ctx_end(&c);
    return NULL;
}

static void a_deadlock_is_to_be_run_again(struct fixture *f)
{
    pthread_barrier_t both;
    pthread_t t;
    (void)pthread_barrier_init(&both, NULL, 2);
    struct wants a = { f, &both, 1, 70, OK };
    struct wants b = { f, &both, 70, 1, OK };
    CHECK(pthread_create(&t, NULL, want_both, &a) == 0);
    (void)want_both(&b);
    (void)pthread_join(t, NULL);
    CHECK((a.ended == OK && b.ended == ERR_AGAIN) || (a.ended == ERR_AGAIN && b.ended == OK));
    (void)pthread_barrier_destroy(&both);
}

static void a_long_wait_for_a_row_ends(struct fixture *f)
{
    struct ctx other = fixture_ctx(f);
    MUST(db_exec(&other, STR("SET lock_timeout = 50")), &other);
    MUST(db_begin(&f->c), &f->c);
    MUST(touch(&f->c, 1), &f->c);
    MUST(db_begin(&other), &other);
    CHECK(touch(&other, 1) == ERR_UNAVAILABLE);
    db_rollback(&other);
    db_rollback(&f->c);
    ctx_end(&other);
}

static void a_long_read_ends(struct ctx *c)
{
    DB_STMT st = NULL;
    bool row = false;
    MUST(db_stmt(c, STR("SELECT pg_sleep(20)"), &st), c);
    CHECK(db_step(c, st, &row) == ERR_UNAVAILABLE);
    db_done(&st);
    CHECK(query(c, STR("SELECT 1")) == 1);
}

static void tells_its_state(struct fixture *f)
{
    struct db_info info;
    struct str verdict;
    MUST(db_info(&f->c, &info), &f->c);
    CHECK(info.engine == DB_POSTGRES && info.bytes > 0 && info.free_bytes == -1 && info.transactions > 0);
    CHECK(str_starts(info.engine_version, STR("PostgreSQL 1")) && info.version == 2);
    CHECK(db_check(&f->c, &verdict) == OK && str_eq(verdict, STR("ok")));
}

static void tables_have_partitions(struct ctx *c)
{
    CHECK(query(c, STR("SELECT count(*) FROM pg_inherits WHERE inhparent = 'status'::regclass")) == 4);
    CHECK(query(c, STR("SELECT count(*) FROM pg_inherits WHERE inhparent = 'derived.trend'::regclass")) == 4);
}

static _Atomic int failed;

struct committer {
    pthread_t thread;
    struct fixture *f;
    int number;
};

static void *commit_many(void *arg)
{
    struct committer *m = arg;
    struct ctx c = fixture_ctx(m->f);
    for (int i = 0; i < COMMITS; i++)
        if (put(&c, 1000 + m->number * COMMITS + i, STR("x")) != OK)
            failed++;
    ctx_end(&c);
    return NULL;
}

static void threads_commit(struct fixture *f)
{
    struct committer m[THREADS];
    for (int i = 0; i < THREADS; i++) {
        m[i] = (struct committer){ .f = f, .number = i };
        CHECK(pthread_create(&m[i].thread, NULL, commit_many, &m[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(m[i].thread, NULL);
    CHECK(failed == 0);
    CHECK(query(&f->c, STR("SELECT count(*) FROM item WHERE id >= 1000")) == THREADS * COMMITS);
}

static void run_all(struct fixture *f, bool partitioned)
{
    f->options.partitioned = partitioned;
    fixture_open(f);
    empty_database(&f->c);
    values_come_back(&f->c);
    lists_of_ids(&f->c);
    same_text_twice_at_once(&f->c);
    transactions_hold(&f->c);
    a_statement_ends_with_its_transaction(&f->c);
    each_is_applied_once(&f->c);
    a_failing_migration_leaves_nothing(&f->c);
    a_newer_store_is_refused(&f->c);
    derived_has_its_own_history(&f->c);
    tells_its_state(f);
    if (partitioned)
        tables_have_partitions(&f->c);
}

int main(void)
{
    const char *url = getenv("PARLEY_TEST_PG");
    if (url == NULL || *url == '\0') {
        (void)printf("skipped: PARLEY_TEST_PG names no database\n");
        return SKIPPED;
    }
    struct fixture f = { .options.url = str_c(url), .c = { .arena = arena_new(), .now_ms = 1785542400000 } };
    run_all(&f, true);
    fixture_close(&f);
    run_all(&f, false);
    text_with_nul_is_refused(&f.c);
    a_failed_transaction_does_not_commit(&f.c);
    a_lost_connection_is_made_again(&f);
    a_deadlock_is_to_be_run_again(&f);
    a_long_wait_for_a_row_ends(&f);
    threads_commit(&f);
    a_long_read_ends(&f.c);
    fixture_close(&f);
    arena_free(&f.c.arena);
    return check_done();
}
