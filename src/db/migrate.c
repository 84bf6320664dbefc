/* SPDX-License-Identifier: Apache-2.0 */
#include "db/migrate.h"

#include "db/driver.h"
#include "db/token.h"

#define HISTORY_COLUMNS "(version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_ms BIGINT NOT NULL)"

/* The two histories: of what must never be lost, and of what can be built anew. */
struct history {
    bool derived;
    const char *exists_sqlite;
    const char *exists_postgres;
    const char *create;
    const char *newest;
    const char *record;
};

static const struct history of_main = {
    .derived = false,
    .exists_sqlite = "SELECT count(*) FROM main.sqlite_master WHERE type = 'table' AND name = 'migration'",
    .exists_postgres = "SELECT count(to_regclass('migration'))",
    .create = "CREATE TABLE IF NOT EXISTS migration " HISTORY_COLUMNS ";",
    .newest = "SELECT max(version) FROM migration",
    .record = "INSERT INTO migration (version, name, applied_ms) VALUES ($1, $2, $3)",
};

static const struct history of_derived = {
    .derived = true,
    .exists_sqlite = "SELECT count(*) FROM derived.sqlite_master WHERE type = 'table' AND name = 'migration'",
    .exists_postgres = "SELECT count(to_regclass('derived.migration'))",
    .create = "CREATE TABLE IF NOT EXISTS derived.migration " HISTORY_COLUMNS ";",
    .newest = "SELECT max(version) FROM derived.migration",
    .record = "INSERT INTO derived.migration (version, name, applied_ms) VALUES ($1, $2, $3)",
};

enum err migrate_expand(struct ctx *c, const struct db_migration *m, enum db_engine engine, bool partitioned,
                        struct str *out)
{
    struct token_rules rules = { .engine = engine, .partitioned = partitioned, .migration = true };
    return token_expand(c, &rules, str_c(m->sql), out);
}

static bool is_postgres(const struct ctx *c)
{
    return db_engine_of(c->db) == DB_POSTGRES;
}

static enum err query_i64(struct ctx *c, const char *sql, int64_t *out)
{
    DB_STMT st = NULL;
    bool row = false;
    TRY(db_stmt(c, str_c(sql), &st));
    TRY(db_step(c, st, &row));
    *out = row ? db_col_i64(st, 0) : 0;
    return OK;
}

static enum err read_version(struct ctx *c, const struct history *h, int64_t *out)
{
    int64_t exists = 0;
    *out = 0;
    TRY(query_i64(c, is_postgres(c) ? h->exists_postgres : h->exists_sqlite, &exists));
    return exists == 0 ? OK : query_i64(c, h->newest, out);
}

enum err db_version(struct ctx *c, int64_t *out)
{
    return read_version(c, &of_main, out);
}

/* In the transaction. On PostgreSQL several servers may start at once: the lock lets one of them migrate. */
static enum err prepare_history(struct ctx *c, const struct history *h)
{
    if (is_postgres(c))
        TRY(db_exec(c, STR("SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(7370617226);")));
    if (is_postgres(c) && h->derived)
        TRY(db_exec(c, STR("CREATE SCHEMA IF NOT EXISTS derived;")));
    return db_exec(c, str_c(h->create));
}

/* On SQLite a table of a derived migration that is not named derived.x would be made in memory and be lost. */
static enum err check_nothing_astray(struct ctx *c, const struct history *h, const struct db_migration *m)
{
    int64_t astray = 0;
    if (!h->derived || is_postgres(c))
        return OK;
    TRY(query_i64(c, "SELECT count(*) FROM main.sqlite_master", &astray));
    return astray == 0 ? OK : fail_internal(c, "migration %s: a table is not named derived.x", m->name);
}

/* In the transaction. Does nothing when another server was faster. */
static enum err apply_in_tx(struct ctx *c, const struct history *h, const struct db_migration *m)
{
    int64_t version = 0;
    struct str sql;
    TRY(prepare_history(c, h));
    TRY(query_i64(c, h->newest, &version));
    if (version >= m->version)
        return OK;
    TRY(migrate_expand(c, m, db_engine_of(c->db), c->db->pool->partitioned, &sql));
    TRY(db_exec(c, sql));
    TRY(check_nothing_astray(c, h, m));
    DB_STMT st = NULL;
    TRY(db_stmt(c, str_c(h->record), &st));
    db_bind_i64(st, 1, m->version);
    db_bind_str(st, 2, str_c(m->name));
    db_bind_i64(st, 3, c->now_ms);
    return db_run(c, st, NULL);
}

static enum err apply(struct ctx *c, const struct history *h, const struct db_migration *m)
{
    TRY(h->derived ? db_begin_derived(c) : db_begin(c));
    enum err e = apply_in_tx(c, h, m);
    if (e == OK)
        return db_commit(c);
    db_rollback(c);
    return e;
}

static enum err migrate(struct ctx *c, const struct history *h, const struct db_migration *all, size_t n,
                        db_progress_fn *progress, void *arg)
{
    int64_t version = 0;
    int64_t known = n == 0 ? 0 : all[n - 1].version;
    TRY(read_version(c, h, &version));
    if (version > known)
        return fail(c, ERR_CONFLICT,
                    "This data folder was written by a newer Parley (schema %lld); this one knows %lld. Run the newer "
                    "version.",
                    (long long)version, (long long)known);
    for (size_t i = 0; i < n; i++) {
        if (all[i].version <= version)
            continue;
        if (progress != NULL)
            progress(arg, &all[i], i, n);
        TRY(apply(c, h, &all[i]));
    }
    return OK;
}

enum err db_migrate(struct ctx *c, const struct db_migration *all, size_t n, db_progress_fn *progress, void *arg)
{
    return migrate(c, &of_main, all, n, progress, arg);
}

enum err db_migrate_derived(struct ctx *c, const struct db_migration *all, size_t n)
{
    return migrate(c, &of_derived, all, n, NULL, NULL);
}
