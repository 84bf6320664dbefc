/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db.h"

#include <assert.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/driver.h"

static const struct {
    const char *scheme;
    const struct db_driver *drv;
} engines[] = {
    // clang-format off
    { "sqlite:",       &db_sqlite },
    { "postgres://",   &db_postgres },
    { "postgresql://", &db_postgres },
    // clang-format on
};

/* A full disk fails every write: a line for each would fill what is left of it. */
#define WARN_EVERY_US 5000000

static void warn_sometimes(struct ctx *c, const char *why)
{
    int64_t now = clock_monotonic_us();
    if (c->db != NULL) {
        int64_t last = c->db->pool->warned_us;
        if (last != 0 && now - last < WARN_EVERY_US)
            return;
        c->db->pool->warned_us = now;
    }
    log_warn(c->id, "database: %s", why);
}

enum err db_say(struct ctx *c, enum err e, const char *why)
{
    if (e == ERR_CONFLICT)
        return fail(c, e, "already exists");
    if (e == ERR_AGAIN)
        return fail(c, e, "changed by somebody else at the same moment");
    if (e == ERR_NO_SPACE || e == ERR_UNAVAILABLE)
        warn_sometimes(c, why);
    if (e == ERR_NO_SPACE)
        return fail(c, e, "The server's disk is full; nothing was stored. Try again later.");
    if (e == ERR_UNAVAILABLE)
        return fail(c, e, "The database does not answer in time. Try again later.");
    return fail_internal(c, "database: %s", why);
}

enum err db_pool_open(struct ctx *c, const struct db_options *o, struct db_pool **out)
{
    for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++)
        if (str_starts(o->url, str_c(engines[i].scheme)))
            return engines[i].drv->pool_open(c, o, out);
    return fail(c, ERR_INVALID, "no database engine for " STR_FMT "; write sqlite:FOLDER or postgres://...",
                STR_ARG(str_head(o->url, 12))); /* no further: a URL may hold a password */
}

void db_pool_close(struct db_pool **p)
{
    if (*p != NULL)
        (*p)->drv->pool_close(*p);
    *p = NULL;
}

bool db_has_space(struct db_pool *p)
{
    return p->drv->has_space(p);
}

enum err db_open(struct ctx *c, struct db_pool *p, struct db **out)
{
    return p->drv->open(c, p, out);
}

void db_close(struct db **db)
{
    if (*db == NULL)
        return;
    assert((*db)->tx == DB_TX_NONE && (*db)->open == NULL);
    (*db)->drv->close(*db);
    *db = NULL;
}

enum db_engine db_engine_of(const struct db *db)
{
    return db->drv->engine;
}

bool db_in_tx(const struct db *db)
{
    return db->tx != DB_TX_NONE;
}

static enum err begin(struct ctx *c, enum db_tx tx)
{
    assert(c->db->tx == DB_TX_NONE);
    TRY(c->db->drv->begin(c, tx));
    c->db->tx = tx;
    return OK;
}

enum err db_begin(struct ctx *c)
{
    return begin(c, DB_TX_MAIN);
}

enum err db_begin_derived(struct ctx *c)
{
    return begin(c, DB_TX_DERIVED);
}

/* The connection is about to belong to somebody else: nothing of this transaction may touch it later. */
static enum db_tx end_tx(struct db *db)
{
    enum db_tx tx = db->tx;
    for (struct stmt **at = &db->open; *at != NULL;) {
        struct stmt *st = *at;
        if (st->tx == DB_TX_NONE) {
            at = &st->next;
            continue;
        }
        *at = st->next;
        db->drv->done(st);
        st->closed = true;
    }
    db->tx = DB_TX_NONE;
    return tx;
}

enum err db_commit(struct ctx *c)
{
    assert(c->db->tx != DB_TX_NONE);
    bool durable = c->db->tx == DB_TX_MAIN;
    int64_t from_us = clock_monotonic_us();
    enum err e = c->db->drv->commit(c, end_tx(c->db));
    if (e != OK)
        metrics_add(METRIC_TRANSACTION_LOST, 0, 1);
    else if (durable)
        metrics_observe(METRIC_TRANSACTION, 0, clock_monotonic_us() - from_us);
    return e;
}

void db_rollback(struct ctx *c)
{
    if (c->db->tx != DB_TX_NONE)
        c->db->drv->rollback(c, end_tx(c->db));
}

enum err db_stmt(struct ctx *c, struct str sql, struct stmt **out)
{
    struct stmt *st = NULL;
    TRY(c->db->drv->stmt(c, sql, &st));
    st->db = c->db;
    st->arena = c->arena;
    st->tx = c->db->tx;
    st->next = c->db->open;
    c->db->open = st;
    *out = st;
    return OK;
}

void db_done(struct stmt **st)
{
    struct stmt *s = *st;
    *st = NULL;
    if (s == NULL || s->closed)
        return;
    struct stmt **at = &s->db->open;
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    s->closed = true;
    s->db->drv->done(s);
}

static void must_bind(const struct stmt *st, int n)
{
    assert(!st->closed && n >= 1 && n <= DB_PARAMS_MAX);
}

void db_bind_i64(struct stmt *st, int n, int64_t v)
{
    must_bind(st, n);
    st->db->drv->bind_i64(st, n, v);
}

void db_bind_str(struct stmt *st, int n, struct str v)
{
    must_bind(st, n);
    if (v.p == NULL)
        st->db->drv->bind_null(st, n);
    else
        st->db->drv->bind_str(st, n, v);
}

void db_bind_blob(struct stmt *st, int n, struct str v)
{
    must_bind(st, n);
    if (v.p == NULL)
        st->db->drv->bind_null(st, n);
    else
        st->db->drv->bind_blob(st, n, v);
}

void db_bind_ids(struct stmt *st, int n, const int64_t *ids, size_t count)
{
    bool json = st->db->drv->engine == DB_SQLITE;
    struct buf b = buf_on(st->arena);
    buf_putc(&b, json ? '[' : '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_putc(&b, ',');
        buf_i64(&b, ids[i]);
    }
    buf_putc(&b, json ? ']' : '}');
    db_bind_str(st, n, buf_str(&b));
}

enum err db_step(struct ctx *c, struct stmt *st, bool *row)
{
    assert(!st->closed);
    return st->db->drv->step(c, st, row);
}

int64_t db_col_i64(struct stmt *st, int i)
{
    assert(!st->closed);
    return st->db->drv->col_i64(st, i);
}

struct str db_col_str(struct stmt *st, struct arena *a, int i)
{
    assert(!st->closed);
    return st->db->drv->col_str(st, a, i);
}

struct str db_col_blob(struct stmt *st, struct arena *a, int i)
{
    assert(!st->closed);
    return st->db->drv->col_blob(st, a, i);
}

bool db_col_is_null(struct stmt *st, int i)
{
    assert(!st->closed);
    return st->db->drv->col_is_null(st, i);
}

enum err db_run(struct ctx *c, struct stmt *st, int64_t *changed)
{
    bool row = false;
    TRY(db_step(c, st, &row));
    if (changed != NULL)
        *changed = st->db->drv->changed(st);
    return OK;
}

enum err db_exec(struct ctx *c, struct str sql)
{
    return c->db->drv->exec(c, sql);
}

void db_expect(struct ctx *c, const struct db_expected *all, size_t n)
{
    if (c->db->drv->expect != NULL && c->db->tx == DB_TX_NONE && n > 1)
        c->db->drv->expect(c, all, n);
}

enum err db_info(struct ctx *c, struct db_info *out)
{
    *out = (struct db_info){ .engine = c->db->drv->engine };
    TRY(c->db->drv->info(c, out));
    return db_version(c, &out->version);
}

enum err db_check(struct ctx *c, struct str *verdict)
{
    return c->db->drv->check(c, verdict);
}
