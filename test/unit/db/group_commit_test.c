/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "fixture.h"

#define THREADS 64
#define COMMITS 25

struct member {
    pthread_t thread;
    struct fixture *f;
    int number;
    int ack_fd; /* the kill test: acknowledged ids go here */
    int64_t acked;
    int64_t refused;
};

static _Atomic int failures;

static void expect(bool x)
{
    if (!x)
        failures++;
}

static void start_all(struct fixture *f, struct member *m, void *(*fn)(void *))
{
    for (int i = 0; i < THREADS; i++) {
        m[i].f = f;
        m[i].number = i;
        if (pthread_create(&m[i].thread, NULL, fn, &m[i]) != 0)
            exit(1);
    }
}

static void join_all(struct member *m)
{
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(m[i].thread, NULL);
}

static int64_t count_id(struct ctx *c, int64_t id)
{
    return query(c, arena_strf(c->arena, "SELECT count(*) FROM item WHERE id = %lld", (long long)id));
}

static bool is_sound(struct ctx *c)
{
    struct str verdict;
    return db_check(c, &verdict) == OK && str_eq(verdict, STR("ok"));
}

/* Every fifth transaction is taken back; every seventh meets a conflict and goes on. */
static void one_unit(struct ctx *c, struct member *m, int i)
{
    int64_t id = (int64_t)m->number * 1000 + i;
    expect(db_begin(c) == OK && insert(c, id, STR("x")) == OK);
    if (i % 7 == 0)
        expect(insert(c, id, STR("again")) == ERR_CONFLICT);
    if (i % 5 == 0) {
        db_rollback(c);
        return;
    }
    expect(db_commit(c) == OK);
    expect(count_id(c, id) == 1);
    m->acked++;
}

static void *commit_many(void *arg)
{
    struct member *m = arg;
    struct ctx c = fixture_ctx(m->f);
    for (int i = 0; i < COMMITS; i++)
        one_unit(&c, m, i);
    ctx_end(&c);
    return NULL;
}

static void all_that_was_acknowledged_is_there(void)
{
    struct fixture f = { 0 };
    static struct member m[THREADS];
    int64_t acked = 0;
    struct db_info info;
    fixture_folder(&f);
    fixture_open(&f);
    MUST(exec_tx(&f.c, ITEM), &f.c);
    start_all(&f, m, commit_many);
    join_all(m);
    for (int i = 0; i < THREADS; i++)
        acked += m[i].acked;
    CHECK(failures == 0 && acked == THREADS * COMMITS * 4 / 5);
    CHECK(query(&f.c, STR("SELECT count(*) FROM item")) == acked);
    MUST(db_info(&f.c, &info), &f.c);
    CHECK(info.transactions == acked + 1 && info.commits < info.transactions); /* they did share */
    CHECK(is_sound(&f.c));
    fixture_end(&f);
}

static void *commit_until_killed(void *arg)
{
    struct member *m = arg;
    struct ctx c = fixture_ctx(m->f);
    for (int64_t i = 0;; i++) {
        int64_t id = (int64_t)m->number * 1000000 + i;
        MUST(put(&c, id, STR("acknowledged")), &c);
        if (write(m->ack_fd, &id, sizeof id) != (ssize_t)sizeof id)
            return NULL;
    }
}

static _Noreturn void victim(struct fixture *f, int ack_fd)
{
    static struct member m[THREADS];
    fixture_open(f);
    for (int i = 0; i < THREADS; i++)
        m[i].ack_fd = ack_fd;
    start_all(f, m, commit_until_killed);
    join_all(m);
    _exit(1);
}

/* Reads what the victim acknowledged, kills it after `kill_after`, and reads on to the last that it wrote. */
static size_t read_acks(int fd, pid_t pid, int64_t *ids, size_t max, size_t kill_after)
{
    size_t n = 0;
    while (n < max && read(fd, &ids[n], sizeof ids[n]) == (ssize_t)sizeof ids[n])
        if (++n == kill_after)
            (void)kill(pid, SIGKILL);
    return n;
}

static void nothing_acknowledged_is_lost_by_a_kill(void)
{
    struct fixture f = { 0 };
    static int64_t ids[200000];
    int ends[2];
    int status = 0;
    int64_t missing = 0;
    fixture_folder(&f);
    fixture_open(&f);
    MUST(exec_tx(&f.c, ITEM), &f.c);
    fixture_close(&f);
    if (pipe2(ends, O_CLOEXEC) != 0)
        exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        victim(&f, ends[1]);
    }
    (void)close(ends[1]);
    size_t n = read_acks(ends[0], pid, ids, sizeof ids / sizeof ids[0], 1000);
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    CHECK(n >= 1000);
    fixture_open(&f);
    for (size_t i = 0; i < n; i++)
        missing += count_id(&f.c, ids[i]) != 1;
    CHECK(missing == 0);
    CHECK(is_sound(&f.c));
    fixture_end(&f);
    (void)close(ends[0]);
}

static void *commit_into_a_small_disk(void *arg)
{
    struct member *m = arg;
    static const char body[16384] = "x";
    struct ctx c = fixture_ctx(m->f);
    for (int i = 0; i < COMMITS; i++) {
        enum err e = put(&c, (int64_t)m->number * 1000 + i, (struct str){ body, sizeof body });
        expect((e == OK || e == ERR_NO_SPACE) && !db_in_tx(c.db));
        m->acked += e == OK;
        m->refused += e == ERR_NO_SPACE;
    }
    ctx_end(&c);
    return NULL;
}

static void a_cohort_on_a_full_disk_is_refused_whole(void)
{
    struct fixture f = { 0 };
    static struct member m[THREADS];
    int64_t acked = 0;
    int64_t refused = 0;
    fixture_folder(&f);
    if (mount("tmpfs", f.folder, "tmpfs", 0, "size=12m") != 0) {
        (void)printf("cohort on a full disk: skipped, cannot mount a small file system: %m\n");
        remove_tree(f.folder);
        return;
    }
    fixture_open(&f);
    MUST(exec_tx(&f.c, ITEM), &f.c);
    start_all(&f, m, commit_into_a_small_disk);
    join_all(m);
    for (int i = 0; i < THREADS; i++) {
        acked += m[i].acked;
        refused += m[i].refused;
    }
    CHECK(failures == 0 && acked > 0 && refused > 0 && acked + refused == THREADS * COMMITS);
    CHECK(query(&f.c, STR("SELECT count(*) FROM item")) == acked);
    fixture_close(&f);
    CHECK(umount(f.folder) == 0);
    arena_free(&f.c.arena);
    remove_tree(f.folder);
}

int main(void)
{
    all_that_was_acknowledged_is_there();
    nothing_acknowledged_is_lost_by_a_kill();
    a_cohort_on_a_full_disk_is_refused_whole();
    return check_done();
}
