/* SPDX-License-Identifier: Apache-2.0 */
/* A store that was made by an old version and migrated step by step is the same as one that was made today. */
#include "store/schema.h"

#include "base/buf.h"
#include "base/embed.h"
#include "check.h"
#include "db/db.h"
#include "engine.h"

extern const struct embedded_file embedded_migrations[];
extern const size_t embedded_migrations_count;
extern const struct embedded_file embedded_derived[];
extern const size_t embedded_derived_count;

static struct ctx c;

/* The first n of them. */
static struct db_migration *first(const struct embedded_file *files, size_t n)
{
    struct db_migration *out = ARENA_ARRAY(c.arena, n + 1, struct db_migration);
    for (size_t i = 0; i < n; i++) {
        CHECK(str_to_i64(str_head(str_c(files[i].name), 4), &out[i].version));
        CHECK(out[i].version > (i == 0 ? 0 : out[i - 1].version));
        out[i].name = files[i].name;
        out[i].sql = (const char *)files[i].data;
    }
    return out;
}

static struct db_pool *start(const struct engine *e)
{
    struct db_pool *pool = NULL;
    MUST(db_pool_open(&c, &e->options, &pool), &c);
    MUST(db_open(&c, pool, &c.db), &c);
    return pool;
}

static void stop(struct db_pool **pool)
{
    db_close(&c.db);
    db_pool_close(pool);
}

/* Every row of every column, a line each. */
static void put_rows(struct buf *b, struct str sql)
{
    DB_STMT st = NULL;
    MUST(db_stmt(&c, sql, &st), &c);
    for (bool row = true;;) {
        MUST(db_step(&c, st, &row), &c);
        if (!row)
            return;
        buf_put(b, db_col_str(st, c.arena, 0));
        buf_putc(b, '\n');
    }
}

static struct str schema_of(void)
{
    struct buf b = buf_on(c.arena);
    if (db_engine_of(c.db) == DB_SQLITE) {
        put_rows(&b, STR("SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM main.sqlite_master ORDER BY 1"));
        put_rows(&b, STR("SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM derived.sqlite_master"
                         " ORDER BY 1"));
        return buf_str(&b);
    }
    put_rows(&b, STR("SELECT concat_ws(' ', table_schema, table_name, ordinal_position, column_name, data_type,"
                     " is_nullable, column_default) FROM information_schema.columns"
                     " WHERE table_schema IN ('public', 'derived')"
                     " ORDER BY table_schema, table_name, ordinal_position"));
    put_rows(&b, STR("SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'derived') ORDER BY 1"));
    put_rows(&b, STR("SELECT c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid) FROM pg_class c"
                     " WHERE c.relispartition AND c.relkind = 'r' ORDER BY 1"));
    return buf_str(&b);
}

static struct str made_at_once(void)
{
    struct engine e;
    engine_init(&e, &c);
    struct db_pool *pool = start(&e);
    MUST(schema_migrate(&c, NULL, NULL), &c);
    struct str out = schema_of();
    stop(&pool);
    engine_fini(&e);
    return out;
}

static void write_setting(void)
{
    MUST(db_begin(&c), &c);
    MUST(db_exec(&c, STR("INSERT INTO setting (key, value) VALUES ('kept', 'through all versions')")), &c);
    MUST(db_commit(&c), &c);
}

/* Defaults that were chosen while they stood with the member are the account's since 0013 and 0015. */
static void choose_defaults(void)
{
    MUST(db_begin(&c), &c);
    for (int i = 1; i <= 2; i++) {
        const char *chosen = i == 1 ? "0, 0, 0, 0, NULL" : "1, 4, 2, 1, 'de'";
        MUST(db_exec(&c, arena_strf(c.arena,
                                    "INSERT INTO account (bucket, id, username, note, created_ms, updated_ms)"
                                    " VALUES (%d, %d, 'name%d', '%s', 1, 1)",
                                    i, i, i, i == 1 ? "alone" : "with @name1")),
             &c);
        MUST(db_exec(&c, arena_strf(c.arena,
                                    "INSERT INTO member (bucket, id, email, password, default_quote_policy,"
                                    " default_reply_policy, default_visibility, default_sensitive, default_language)"
                                    " VALUES (%d, %d, 'a@b.example', '', %s)",
                                    i, i, chosen)),
             &c);
    }
    MUST(db_commit(&c), &c);
}

static void defaults_were_kept(void)
{
    struct buf b = buf_on(c.arena);
    put_rows(&b,
             STR("SELECT id || ' ' || default_quote_policy || ' ' || default_reply_policy || ' ' || default_visibility"
                 " || ' ' || default_sensitive || ' ' || COALESCE(default_language, '-') FROM account"
                 " ORDER BY id"));
    CHECK(str_eq(buf_str(&b), STR("1 0 0 0 0 -\n2 1 4 2 1 de\n")));
}

/* Profiles of before 0012 that may name somebody are looked at by jobs of 0014. */
static void named_are_looked_up(void)
{
    struct buf b = buf_on(c.arena);
    put_rows(&b, STR("SELECT bucket || ' ' || kind || ' ' || subject FROM job WHERE due_ms > 1000000000000"));
    CHECK(str_eq(buf_str(&b), STR("2 9 2\n")));
}

/* Each version opens the store anew, as a new program does; the last one is the program's own way. */
static struct str made_by_steps(void)
{
    struct engine e;
    struct buf kept = buf_on(c.arena);
    int64_t version = 0;
    engine_init(&e, &c);
    for (size_t n = 1; n <= embedded_migrations_count; n++) {
        struct db_pool *pool = start(&e);
        MUST(db_migrate(&c, first(embedded_migrations, n), n, NULL, NULL), &c);
        CHECK(db_version(&c, &version) == OK && version == first(embedded_migrations, n)[n - 1].version);
        if (n == 1)
            write_setting();
        if (version == 12)
            choose_defaults();
        stop(&pool);
    }
    for (size_t n = 1; n < embedded_derived_count; n++) {
        struct db_pool *pool = start(&e);
        MUST(db_migrate_derived(&c, first(embedded_derived, n), n), &c);
        stop(&pool);
    }
    struct db_pool *pool = start(&e);
    MUST(schema_migrate(&c, NULL, NULL), &c);
    MUST(schema_migrate(&c, NULL, NULL), &c); /* nothing to do */
    CHECK(db_version(&c, &version) == OK && version == schema_version());
    put_rows(&kept, STR("SELECT value FROM setting WHERE key = 'kept'"));
    CHECK(str_eq(buf_str(&kept), STR("through all versions\n")));
    defaults_were_kept();
    named_are_looked_up();
    struct str out = schema_of();
    stop(&pool);
    engine_fini(&e);
    return out;
}

static void show_difference(struct str a, struct str b)
{
    struct str x, y;
    while (str_cut(&a, '\n', &x) && str_cut(&b, '\n', &y)) {
        if (str_eq(x, y))
            continue;
        (void)printf("    " STR_FMT "\n    " STR_FMT "\n", STR_ARG(x), STR_ARG(y));
        return;
    }
}

int main(void)
{
    size_t at = 0;
    c = (struct ctx){ .arena = arena_new(), .now_ms = INT64_C(1785542400000) };
    struct str fresh = made_at_once();
    struct str migrated = made_by_steps();
    bool same = str_eq(fresh, migrated);
    CHECK(str_find(fresh, STR("follower_notify"), &at) && str_find(fresh, STR("favourites_count"), &at));
    CHECK(same);
    if (!same)
        show_difference(fresh, migrated);
    arena_free(&c.arena);
    return check_done();
}
