/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL through libpq: a connection a handle, prepared statements by text, values in text form (bytea in binary).
   Outside a transaction the session is read-only, as SQLite's readers are. A connection that is lost is made again at
   its next use; outside a transaction nobody notices, inside one the transaction is lost with it. */
#include <assert.h>
#include <libpq-fe.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/log.h"
#include "db/cache.h"
#include "db/driver.h"
#include "db/token.h"

#define OID_BYTEA      17
#define NAME_MAX_BYTES 24

struct pg_pool {
    struct db_pool base;
    char *url;
    _Atomic int64_t transactions;
};

struct pg {
    struct db base;
    struct pg_pool *pool;
    PGconn *h;
    struct cache cache;
    uint64_t session; /* counts the connections made; a statement prepared in an earlier one is gone */
    uint64_t names;
};

struct pg_cached {
    struct cached base;
    char *text; /* with the tokens expanded */
    int params;
    char name[NAME_MAX_BYTES];
    uint64_t session; /* in which `name` is prepared; 0: in none */
};

struct pg_stmt {
    struct stmt base;
    struct pg *pg;
    struct pg_cached *cached;
    const char **values;
    int *lengths;
    int *formats;
    bool has_nul; /* a bound text holds a NUL, which PostgreSQL cannot store */
    PGresult *res;
    int row;
};

static const struct state {
    const char *prefix;
    enum err err;
} states[] = {
    // clang-format off
    { "23505", ERR_CONFLICT },    /* unique_violation */
    { "40001", ERR_AGAIN },       /* serialization_failure */
    { "40P01", ERR_AGAIN },       /* deadlock_detected */
    { "53100", ERR_NO_SPACE },    /* disk_full */
    { "53",    ERR_UNAVAILABLE }, /* insufficient resources: memory, connections */
    { "55P03", ERR_UNAVAILABLE }, /* lock_not_available: lock_timeout */
    { "57",    ERR_UNAVAILABLE }, /* operator intervention: statement_timeout, shutdown */
    { "08",    ERR_UNAVAILABLE }, /* connection */
    // clang-format on
};

static bool is_connected(const struct pg *p)
{
    return p->h != NULL && PQstatus(p->h) == CONNECTION_OK;
}

static enum err classify(const struct pg *p, const PGresult *r)
{
    const char *state = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_SQLSTATE);
    for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++)
        if (str_starts(str_c(state), str_c(states[i].prefix)))
            return states[i].err;
    return is_connected(p) ? ERR_INTERNAL : ERR_UNAVAILABLE;
}

static enum err pg_fail(struct ctx *c, struct pg *p, const PGresult *r, const char *sql)
{
    const char *message =
        r != NULL && *PQresultErrorMessage(r) != '\0' ? PQresultErrorMessage(r) : PQerrorMessage(p->h);
    return db_say(c, classify(p, r), arena_strf(c->arena, "%s: %s", message, sql).p);
}

static bool succeeded(const PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

static void quiet(void *arg, const char *message)
{
    (void)arg;
    log_debug(STR("postgres"), "%s", message);
}

static const char session_sql[] = "SET default_transaction_read_only = on; SET statement_timeout = 5000;"
                                  "SET idle_in_transaction_session_timeout = 60000; SET lock_timeout = 5000;"
                                  "SET bytea_output = hex; SET client_min_messages = warning";
_Static_assert(DB_READ_MS_MAX == 5000, "statement_timeout says the same");

static enum err start_session(struct ctx *c, struct pg *p)
{
    PGresult *r = PQexec(p->h, session_sql);
    enum err e = succeeded(r) ? OK : pg_fail(c, p, r, "SET");
    PQclear(r);
    return e;
}

static enum err reconnect(struct ctx *c, struct pg *p)
{
    static const char *const keys[] = { "connect_timeout",           "tcp_user_timeout", "client_encoding",
                                        "fallback_application_name", "dbname",           NULL };
    const char *const values[] = { "5", "10000", "UTF8", "parley", p->pool->url, NULL };
    PQfinish(p->h);
    p->session++;
    p->h = PQconnectdbParams(keys, values, 1);
    if (!is_connected(p))
        return db_say(c, ERR_UNAVAILABLE, p->h == NULL ? "out of memory" : PQerrorMessage(p->h));
    (void)PQsetNoticeProcessor(p->h, quiet, NULL);
    return start_session(c, p);
}

/* A connection to work on. In a transaction a new one would know nothing of it. */
static enum err must_connect(struct ctx *c, struct pg *p)
{
    if (is_connected(p))
        return OK;
    if (p->base.tx != DB_TX_NONE)
        return db_say(c, ERR_UNAVAILABLE, "the connection was lost in a transaction");
    return reconnect(c, p);
}

/* Simple protocol: several statements, no parameters, the last result counts. */
static enum err run_simple(struct ctx *c, struct pg *p, const char *sql, PGresult **out)
{
    for (int tries = 0;; tries++) {
        TRY(must_connect(c, p));
        PGresult *r = PQexec(p->h, sql);
        if (succeeded(r)) {
            *out = r;
            return OK;
        }
        bool again = tries == 0 && p->base.tx == DB_TX_NONE && !is_connected(p);
        enum err e = again ? OK : pg_fail(c, p, r, sql);
        PQclear(r);
        if (!again)
            return e;
    }
}

static enum err pg_exec(struct ctx *c, struct str sql)
{
    struct pg *p = (struct pg *)c->db;
    PGresult *r = NULL;
    TRY(run_simple(c, p, arena_cstr(c->arena, sql), &r));
    PQclear(r);
    return OK;
}

static enum err pg_begin(struct ctx *c, enum db_tx tx)
{
    return pg_exec(c, tx == DB_TX_MAIN ? STR("BEGIN READ WRITE")
                                       : STR("BEGIN READ WRITE; SET LOCAL synchronous_commit = off"));
}

/* The caller has left the transaction in c->db; a lost connection must not be made again only to end nothing. */
static enum err pg_commit(struct ctx *c, enum db_tx tx)
{
    struct pg *p = (struct pg *)c->db;
    (void)tx;
    if (!is_connected(p))
        return db_say(c, ERR_UNAVAILABLE, "the connection was lost in a transaction");
    PGresult *r = PQexec(p->h, "COMMIT");
    enum err e = OK;
    if (!succeeded(r))
        e = pg_fail(c, p, r, "COMMIT");
    else if (!str_eq(str_c(PQcmdStatus(r)), STR("COMMIT"))) /* a statement had failed: the server has rolled back */
        e = fail_internal(c, "database: commit of a failed transaction");
    PQclear(r);
    if (e == OK)
        p->pool->transactions++;
    return e;
}

static void pg_rollback(struct ctx *c, enum db_tx tx)
{
    struct pg *p = (struct pg *)c->db;
    (void)tx;
    if (is_connected(p))
        PQclear(PQexec(p->h, "ROLLBACK"));
}

/* The highest $n of the text. */
static int count_params(const char *sql)
{
    int max = 0;
    for (const char *s = strchr(sql, '$'); s != NULL; s = strchr(s + 1, '$')) {
        long n = strtol(s + 1, NULL, 10);
        if (n > max && n <= DB_PARAMS_MAX)
            max = (int)n;
    }
    return max;
}

static enum err pg_stmt(struct ctx *c, struct str sql, struct stmt **out)
{
    struct pg *p = (struct pg *)c->db;
    struct pg_cached *e = (struct pg_cached *)cache_take(&p->cache, sql);
    if (e == NULL) {
        struct token_rules rules = { .engine = DB_POSTGRES };
        struct str text = sql;
        TRY(token_expand(c, &rules, sql, &text));
        e = calloc(1, sizeof *e);
        char *copy = strndup(text.p, text.n);
        if (e == NULL || copy == NULL)
            abort();
        e->text = copy;
        e->params = count_params(copy);
        cache_add(&p->cache, &e->base, sql);
    }
    size_t n = (size_t)e->params + 1;
    struct pg_stmt *s = ARENA_NEW(c->arena, struct pg_stmt);
    *s = (struct pg_stmt){ .pg = p,
                           .cached = e,
                           .values = ARENA_ARRAY(c->arena, n, const char *),
                           .lengths = ARENA_ARRAY(c->arena, n, int),
                           .formats = ARENA_ARRAY(c->arena, n, int) };
    *out = &s->base;
    return OK;
}

static void bind(struct stmt *st, int n, const char *value, size_t length, bool is_binary)
{
    struct pg_stmt *s = (struct pg_stmt *)st;
    assert(n <= s->cached->params && s->res == NULL && length <= INT32_MAX);
    s->values[n - 1] = value;
    s->lengths[n - 1] = (int)length;
    s->formats[n - 1] = is_binary;
}

static void pg_bind_i64(struct stmt *st, int n, int64_t v)
{
    bind(st, n, arena_strf(st->arena, "%lld", (long long)v).p, 0, false);
}

static void pg_bind_str(struct stmt *st, int n, struct str v)
{
    struct pg_stmt *s = (struct pg_stmt *)st;
    s->has_nul = s->has_nul || memchr(v.p, '\0', v.n) != NULL;
    bind(st, n, arena_cstr(st->arena, v), 0, false);
}

static void pg_bind_blob(struct stmt *st, int n, struct str v)
{
    bind(st, n, v.p, v.n, true);
}

static void pg_bind_null(struct stmt *st, int n)
{
    bind(st, n, NULL, 0, false);
}

static PGresult *try_prepared(struct pg_stmt *s)
{
    struct pg *p = s->pg;
    struct pg_cached *e = s->cached;
    if (e->session != p->session) {
        (void)snprintf(e->name, sizeof e->name, "s%llu", (unsigned long long)++p->names);
        PGresult *r = PQprepare(p->h, e->name, e->text, e->params, NULL);
        if (!succeeded(r))
            return r;
        PQclear(r);
        e->session = p->session;
    }
    return PQexecPrepared(p->h, e->name, e->params, s->values, s->lengths, s->formats, 0);
}

/* A migration has changed a table under a prepared statement, or a proxy gave us another server session. */
static bool is_stale(const PGresult *r)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    return state != NULL && (str_eq(str_c(state), STR("26000")) || str_eq(str_c(state), STR("0A000")));
}

static enum err execute(struct ctx *c, struct pg_stmt *s)
{
    struct pg *p = s->pg;
    if (s->has_nul)
        return fail(c, ERR_INVALID, "Text can't hold a NUL character");
    for (int tries = 0;; tries++) {
        TRY(must_connect(c, p));
        PGresult *r = try_prepared(s);
        if (succeeded(r)) {
            s->res = r;
            s->row = -1;
            return OK;
        }
        if (is_stale(r))
            s->cached->session = 0;
        bool again = tries == 0 && p->base.tx == DB_TX_NONE && (!is_connected(p) || is_stale(r));
        enum err e = again ? OK : pg_fail(c, p, r, s->cached->text);
        PQclear(r);
        if (!again)
            return e;
    }
}

static enum err pg_step(struct ctx *c, struct stmt *st, bool *row)
{
    struct pg_stmt *s = (struct pg_stmt *)st;
    *row = false;
    if (s->res == NULL)
        TRY(execute(c, s));
    *row = ++s->row < PQntuples(s->res);
    return OK;
}

static struct str field(const struct stmt *st, int i)
{
    const struct pg_stmt *s = (const struct pg_stmt *)st;
    if (PQgetisnull(s->res, s->row, i))
        return (struct str){ NULL, 0 };
    return (struct str){ PQgetvalue(s->res, s->row, i), (size_t)PQgetlength(s->res, s->row, i) };
}

static int64_t pg_col_i64(struct stmt *st, int i)
{
    struct str v = field(st, i);
    if (v.p == NULL)
        return 0;
    return v.p[0] == 't' ? 1 : strtoll(v.p, NULL, 10); /* a comparison gives t or f here, 1 or 0 on SQLite */
}

static struct str pg_col_str(struct stmt *st, struct arena *a, int i)
{
    struct str v = field(st, i);
    return v.p == NULL ? v : arena_str(a, v);
}

static unsigned nibble(char ch)
{
    return ch <= '9' ? (unsigned)(ch - '0') : (unsigned)(ch - 'a' + 10);
}

static struct str pg_col_blob(struct stmt *st, struct arena *a, int i)
{
    const struct pg_stmt *s = (const struct pg_stmt *)st;
    struct str v = field(st, i);
    if (v.p == NULL || PQftype(s->res, i) != OID_BYTEA)
        return pg_col_str(st, a, i);
    v = str_skip(v, 2); /* \x */
    char *p = arena_alloc(a, v.n / 2 + 1);
    for (size_t at = 0; at + 1 < v.n; at += 2)
        p[at / 2] = (char)(nibble(v.p[at]) << 4 | nibble(v.p[at + 1]));
    return (struct str){ p, v.n / 2 };
}

static bool pg_col_is_null(struct stmt *st, int i)
{
    return field(st, i).p == NULL;
}

static int64_t pg_changed(struct stmt *st)
{
    const struct pg_stmt *s = (const struct pg_stmt *)st;
    return s->res == NULL ? 0 : strtoll(PQcmdTuples(s->res), NULL, 10);
}

static void drop_cached(struct cached *e)
{
    struct pg_cached *k = (struct pg_cached *)e;
    cache_forget(e);
    free(k->text);
    free(k);
}

static void pg_done(struct stmt *st)
{
    struct pg_stmt *s = (struct pg_stmt *)st;
    PQclear(s->res);
    s->res = NULL;
    if (!cache_give(&s->cached->base))
        return;
    if (s->cached->session == s->pg->session && is_connected(s->pg)) {
        char sql[NAME_MAX_BYTES + 16];
        (void)snprintf(sql, sizeof sql, "DEALLOCATE %s", s->cached->name);
        PQclear(PQexec(s->pg->h, sql));
    }
    drop_cached(&s->cached->base);
}

static void pg_close(struct db *db)
{
    struct pg *p = (struct pg *)db;
    cache_clear(&p->cache, drop_cached);
    PQfinish(p->h);
    free(p);
}

static enum err pg_open(struct ctx *c, struct db_pool *pool, struct db **out)
{
    struct pg *p = calloc(1, sizeof *p);
    if (p == NULL)
        abort();
    p->base = (struct db){ .drv = &db_postgres, .pool = pool };
    p->pool = (struct pg_pool *)pool;
    enum err e = reconnect(c, p);
    if (e != OK) {
        pg_close(&p->base);
        return e;
    }
    *out = &p->base;
    return OK;
}

static void pg_pool_close(struct db_pool *pool)
{
    struct pg_pool *p = (struct pg_pool *)pool;
    free(p->url);
    free(p);
}

/* Connects once, so that a wrong URL is known at the start. */
static enum err pg_pool_open(struct ctx *c, const struct db_options *o, struct db_pool **out)
{
    struct db *probe = NULL;
    struct pg_pool *p = calloc(1, sizeof *p);
    char *url = strndup(o->url.p, o->url.n);
    if (p == NULL || url == NULL)
        abort();
    p->base = (struct db_pool){ .drv = &db_postgres, .partitioned = o->partitioned };
    p->url = url;
    enum err e = pg_open(c, &p->base, &probe);
    if (e != OK) {
        pg_pool_close(&p->base);
        return e;
    }
    pg_close(probe);
    *out = &p->base;
    return OK;
}

static bool pg_has_space(struct db_pool *p)
{
    (void)p;
    return true; /* the server's disk is not ours to see; a full one is 53100 */
}

static enum err pg_info(struct ctx *c, struct db_info *out)
{
    const struct pg *p = (const struct pg *)c->db;
    DB_STMT st = NULL;
    bool row = false;
    TRY(db_stmt(c,
                STR("SELECT current_setting('server_version'), pg_database_size(current_database()),"
                    " (SELECT coalesce(sum(pg_total_relation_size(k.oid)), 0) FROM pg_class k"
                    " JOIN pg_namespace n ON n.oid = k.relnamespace WHERE n.nspname = 'derived' AND k.relkind = 'r')"),
                &st));
    TRY(db_step(c, st, &row));
    out->engine_version = arena_strf(c->arena, "PostgreSQL " STR_FMT, STR_ARG(db_col_str(st, c->arena, 0)));
    out->bytes = db_col_i64(st, 1);
    out->derived_bytes = db_col_i64(st, 2);
    out->free_bytes = -1;
    out->commits = p->pool->transactions;
    out->transactions = p->pool->transactions;
    return OK;
}

/* What the server's catalogue knows: indexes that a failed build left invalid, pages whose checksum did not match. */
static enum err pg_check(struct ctx *c, struct str *verdict)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(db_stmt(c,
                STR("SELECT (SELECT count(*) FROM pg_index WHERE NOT indisvalid), coalesce((SELECT checksum_failures"
                    " FROM pg_stat_database WHERE datname = current_database()), 0)"),
                &st));
    TRY(db_step(c, st, &row));
    int64_t invalid = db_col_i64(st, 0);
    int64_t failures = db_col_i64(st, 1);
    *verdict = STR("ok");
    if (invalid != 0 || failures != 0)
        *verdict = arena_strf(c->arena, "%lld invalid indexes, %lld pages with a wrong checksum", (long long)invalid,
                              (long long)failures);
    return OK;
}

const struct db_driver db_postgres = {
    .engine = DB_POSTGRES,
    .pool_open = pg_pool_open,
    .pool_close = pg_pool_close,
    .has_space = pg_has_space,
    .open = pg_open,
    .close = pg_close,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .exec = pg_exec,
    .stmt = pg_stmt,
    .bind_i64 = pg_bind_i64,
    .bind_str = pg_bind_str,
    .bind_blob = pg_bind_blob,
    .bind_null = pg_bind_null,
    .step = pg_step,
    .col_i64 = pg_col_i64,
    .col_str = pg_col_str,
    .col_blob = pg_col_blob,
    .col_is_null = pg_col_is_null,
    .changed = pg_changed,
    .done = pg_done,
    .info = pg_info,
    .check = pg_check,
};
