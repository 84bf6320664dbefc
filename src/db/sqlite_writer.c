/* SPDX-License-Identifier: Apache-2.0 */
/* Group commit. One write connection is handed from transaction to transaction like a baton: a transaction is a
   savepoint inside an outer transaction, and the last of a cohort commits the outer one for all, with one fsync. While
   that runs, the others queue up and become the next cohort. Who holds the baton also checkpoints, so no checkpoint
   ever meets a commit on another connection (SQLite before 3.51.3 can lose pages then). */
#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/sqlite.h"

/* A cohort that is open this long takes no further member, so that the first does not wait for ever. */
#define COHORT_US_MAX 50000
/* Checkpoint when the WAL has this many pages (16 MiB), again after as many more. */
#define CHECKPOINT_PAGES 4096
/* A reader that blocks checkpoints doubles the distance to the next one, up to this (1 GiB). */
#define CHECKPOINT_PAGES_MAX 262144

enum fixed { SQL_BEGIN, SQL_SAVEPOINT, SQL_RELEASE, SQL_UNDO, SQL_COMMIT, SQL_ROLLBACK };

static const char *const fixed_sql[] = { "BEGIN IMMEDIATE",    "SAVEPOINT member", "RELEASE member",
                                         "ROLLBACK TO member", "COMMIT",           "ROLLBACK" };

static bool run(struct writer *w, enum fixed which)
{
    int rc = sqlite3_step(w->fixed[which]);
    (void)sqlite3_reset(w->fixed[which]);
    return rc == SQLITE_DONE;
}

static void wait_for(sem_t *s)
{
    while (sem_wait(s) != 0)
        assert(errno == EINTR);
}

/* Called by SQLite after each commit, on the thread that committed. */
static int wal_grew(void *arg, sqlite3 *h, const char *schema, int frames)
{
    struct checkpoint *k = arg;
    (void)h;
    if (strcmp(schema, k->schema) != 0)
        return SQLITE_OK;
    if (frames < k->frames) { /* the WAL started over */
        k->step = CHECKPOINT_PAGES;
        k->due_at = CHECKPOINT_PAGES;
    }
    k->frames = frames;
    return SQLITE_OK;
}

static void checkpoint_init(struct checkpoint *k, sqlite3 *h, const char *schema)
{
    *k = (struct checkpoint){ .schema = schema, .due_at = CHECKPOINT_PAGES, .step = CHECKPOINT_PAGES };
    (void)sqlite3_wal_hook(h, wal_grew, k);
}

static bool checkpoint_is_due(const struct checkpoint *k)
{
    return k->frames >= k->due_at;
}

static void checkpoint(struct checkpoint *k, sqlite3 *h)
{
    int in_wal = 0;
    int copied = 0;
    int64_t from_us = clock_monotonic_us();
    int rc = sqlite3_wal_checkpoint_v2(h, k->schema, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
    metrics_observe(METRIC_CHECKPOINT, 0, clock_monotonic_us() - from_us);
    if (rc == SQLITE_OK && copied == in_wal)
        k->step = CHECKPOINT_PAGES;
    else if (k->step < CHECKPOINT_PAGES_MAX)
        k->step *= 2;
    if (rc != SQLITE_OK && rc != SQLITE_BUSY)
        log_warn(STR("checkpoint"), "%s: %s", k->schema, sqlite3_errmsg(h));
    k->due_at = k->frames + k->step;
}

enum err writer_init(struct ctx *c, struct writer *w, int64_t cohort_max)
{
    lock_init(&w->lock, LOCK_DB_BATON);
    w->cohort_max = cohort_max > 0 ? cohort_max : 1;
    for (size_t i = 0; i < sizeof fixed_sql / sizeof fixed_sql[0]; i++)
        if (sqlite3_prepare_v3(w->conn.h, fixed_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &w->fixed[i], NULL) != SQLITE_OK)
            return fail_internal(c, "%s: %s", fixed_sql[i], sqlite3_errmsg(w->conn.h));
    checkpoint_init(&w->ckpt, w->conn.h, "main");
    return OK;
}

void writer_fini(struct writer *w)
{
    assert(!w->held && w->first == NULL);
    for (size_t i = 0; i < sizeof fixed_sql / sizeof fixed_sql[0]; i++)
        (void)sqlite3_finalize(w->fixed[i]);
    lite_conn_close(&w->conn);
    lock_fini(&w->lock);
}

static void baton_take(struct writer *w, struct lite *l)
{
    lock_take(&w->lock);
    if (!w->held) {
        w->held = true;
        lock_release(&w->lock);
        return;
    }
    l->next = NULL;
    if (w->first == NULL)
        w->first = l;
    else
        w->last->next = l;
    w->last = l;
    lock_release(&w->lock);
    wait_for(&l->wake);
}

static struct lite *queue_shift(struct writer *w)
{
    struct lite *l = w->first;
    if (l != NULL)
        w->first = l->next;
    return l;
}

/* Whoever is woken may run at once in the place of who wakes: so nobody is woken with the lock held, for which the
   woken one would soon have to wait. */

/* To the one who waits longest; false when nobody does. */
static bool baton_hand_on(struct writer *w)
{
    lock_take(&w->lock);
    struct lite *l = queue_shift(w);
    lock_release(&w->lock);
    if (l != NULL)
        (void)sem_post(&l->wake);
    return l != NULL;
}

static void baton_give_up(struct writer *w)
{
    lock_take(&w->lock);
    struct lite *l = queue_shift(w);
    w->held = l != NULL;
    lock_release(&w->lock);
    if (l != NULL)
        (void)sem_post(&l->wake);
}

/* Tells every member how the cohort ended, and lets them go. */
static void cohort_tell(struct lite **members, enum err e, const char *why)
{
    struct lite *l = *members;
    *members = NULL;
    while (l != NULL) {
        struct lite *next = l->next; /* once woken it is not ours to read */
        l->lost = e;
        (void)snprintf(l->why, sizeof l->why, "%s", why);
        (void)sem_post(&l->wake);
        l = next;
    }
}

static struct lite *cohort_end(struct writer *w)
{
    struct lite *members = w->cohort;
    w->cohort = NULL;
    w->members = 0;
    w->open = false;
    return members;
}

/* The outer transaction is gone, and with it what its members wrote. */
static void cohort_lose(struct writer *w, enum err e, const char *why)
{
    struct lite *members = cohort_end(w);
    cohort_tell(&members, e, why);
}

static enum err cohort_commit(struct lite_pool *p, char *why)
{
    struct writer *w = &p->writer;
    enum err e = OK;
    int64_t members = w->members;
    int64_t from_us = clock_monotonic_us();
    if (!run(w, members > 0 ? SQL_COMMIT : SQL_ROLLBACK)) {
        e = lite_read_error(w->conn.h, why);
        if (!sqlite3_get_autocommit(w->conn.h))
            (void)run(w, SQL_ROLLBACK);
    }
    if (e == OK && members > 0) {
        p->commits++;
        p->transactions += members;
        metrics_observe(METRIC_SYNC, 0, clock_monotonic_us() - from_us);
        metrics_observe(METRIC_SYNC_SHARED, 0, members);
    }
    return e;
}

/* The holder has nothing more to write. The cohort goes on with the next in the queue, or is committed here: then the
   next one may write before the many are told. */
static void baton_leave(struct lite_pool *p)
{
    struct writer *w = &p->writer;
    char why[LITE_WHY_MAX] = "";
    struct lite *members = NULL;
    enum err e = OK;
    if (w->open && w->members < w->cohort_max && clock_monotonic_us() - w->opened_us < COHORT_US_MAX
        && baton_hand_on(w))
        return;
    if (w->open) {
        e = cohort_commit(p, why);
        members = cohort_end(w);
    }
    if (checkpoint_is_due(&w->ckpt)) {
        cohort_tell(&members, e, why); /* a checkpoint may take long */
        checkpoint(&w->ckpt, w->conn.h);
    }
    baton_give_up(w);
    cohort_tell(&members, e, why);
}

void lite_check_lost(struct lite *l, enum db_tx tx, enum err e, const char *why)
{
    sqlite3 *h = tx == DB_TX_DERIVED ? l->pool->derived.conn.h : l->pool->writer.conn.h;
    if (tx == DB_TX_NONE || l->lost != OK || !sqlite3_get_autocommit(h))
        return;
    l->lost = e;
    (void)snprintf(l->why, sizeof l->why, "%s", why);
    if (tx == DB_TX_MAIN)
        cohort_lose(&l->pool->writer, e, why);
}

static enum err member_begin(struct ctx *c, struct lite *l)
{
    struct writer *w = &l->pool->writer;
    char why[LITE_WHY_MAX];
    baton_take(w, l);
    l->lost = OK;
    if (!w->open) {
        w->open = run(w, SQL_BEGIN);
        w->opened_us = clock_monotonic_us();
    }
    if (w->open && run(w, SQL_SAVEPOINT))
        return OK;
    enum err e = lite_read_error(w->conn.h, why);
    if (w->open)
        lite_check_lost(l, DB_TX_MAIN, e, why);
    baton_leave(l->pool);
    return db_say(c, e, why);
}

/* Takes back what the member wrote; the cohort keeps the rest. */
static void member_undo(struct lite *l)
{
    struct writer *w = &l->pool->writer;
    char why[LITE_WHY_MAX];
    if (l->lost != OK || (run(w, SQL_UNDO) && run(w, SQL_RELEASE)))
        return;
    /* A savepoint that cannot be taken back must not be committed with the others. */
    enum err e = lite_read_error(w->conn.h, why);
    if (!sqlite3_get_autocommit(w->conn.h))
        (void)run(w, SQL_ROLLBACK);
    cohort_lose(w, e, why);
}

static enum err member_commit(struct ctx *c, struct lite *l)
{
    struct writer *w = &l->pool->writer;
    char why[LITE_WHY_MAX];
    if (l->lost == OK && !run(w, SQL_RELEASE)) {
        enum err e = lite_read_error(w->conn.h, why);
        lite_check_lost(l, DB_TX_MAIN, e, why);
        member_undo(l);
        baton_leave(l->pool);
        return db_say(c, e, why);
    }
    if (l->lost != OK) {
        baton_leave(l->pool);
        return db_say(c, l->lost, l->why);
    }
    l->next = w->cohort;
    w->cohort = l;
    w->members++;
    baton_leave(l->pool);
    wait_for(&l->wake);
    return l->lost == OK ? OK : db_say(c, l->lost, l->why);
}

void derived_init(struct derived_writer *d)
{
    lock_init(&d->lock, LOCK_DB_DERIVED);
    checkpoint_init(&d->ckpt, d->conn.h, "derived");
}

void derived_fini(struct derived_writer *d)
{
    lite_conn_close(&d->conn);
    lock_fini(&d->lock);
}

static enum err derived_failed(struct ctx *c, struct derived_writer *d)
{
    char why[LITE_WHY_MAX];
    enum err e = lite_read_error(d->conn.h, why);
    if (!sqlite3_get_autocommit(d->conn.h))
        (void)sqlite3_exec(d->conn.h, "ROLLBACK", NULL, NULL, NULL);
    lock_release(&d->lock);
    return db_say(c, e, why);
}

static enum err derived_begin(struct ctx *c, struct lite *l)
{
    struct derived_writer *d = &l->pool->derived;
    lock_take(&d->lock);
    l->lost = OK;
    return sqlite3_exec(d->conn.h, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK ? OK : derived_failed(c, d);
}

static enum err derived_commit(struct ctx *c, struct lite *l)
{
    struct derived_writer *d = &l->pool->derived;
    if (l->lost != OK) {
        lock_release(&d->lock);
        return db_say(c, l->lost, l->why);
    }
    if (sqlite3_exec(d->conn.h, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return derived_failed(c, d);
    if (checkpoint_is_due(&d->ckpt))
        checkpoint(&d->ckpt, d->conn.h);
    lock_release(&d->lock);
    return OK;
}

enum err lite_begin(struct ctx *c, enum db_tx tx)
{
    struct lite *l = (struct lite *)c->db;
    if (!lite_has_space(&l->pool->base))
        return db_say(c, ERR_NO_SPACE, "less free space than the floor");
    return tx == DB_TX_MAIN ? member_begin(c, l) : derived_begin(c, l);
}

enum err lite_commit(struct ctx *c, enum db_tx tx)
{
    struct lite *l = (struct lite *)c->db;
    return tx == DB_TX_MAIN ? member_commit(c, l) : derived_commit(c, l);
}

void lite_rollback(struct ctx *c, enum db_tx tx)
{
    struct lite *l = (struct lite *)c->db;
    if (tx == DB_TX_MAIN) {
        member_undo(l);
        baton_leave(l->pool);
        return;
    }
    if (l->lost == OK)
        (void)sqlite3_exec(l->pool->derived.conn.h, "ROLLBACK", NULL, NULL, NULL);
    lock_release(&l->pool->derived.lock);
}
