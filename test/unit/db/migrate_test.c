/* SPDX-License-Identifier: Apache-2.0 */
#include "db/migrate.h"

#include "cases.h"

static struct str expanded(struct ctx *c, const char *sql, enum db_engine engine, bool partitioned)
{
    struct db_migration m = { 1, "test", sql };
    struct str out = { NULL, 0 };
    MUST(migrate_expand(c, &m, engine, partitioned, &out), c);
    return out;
}

static void tokens_expand_for_each_engine(void)
{
    struct ctx c = { .arena = arena_new() };
    const char *table = "CREATE TABLE t (@BUCKET_ID) @SHARDED;";
    const char *index = "CREATE INDEX @DERIVED_INDEX(i, t) @ON(bucket, a, b DESC)";
    size_t at = 0;
    CHECK(str_eq(expanded(&c, table, DB_SQLITE, false),
                 STR("CREATE TABLE t (bucket INTEGER NOT NULL, id INTEGER PRIMARY KEY) ;")));
    CHECK(str_eq(expanded(&c, table, DB_POSTGRES, false),
                 STR("CREATE TABLE t (bucket INTEGER NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (bucket, id)) ;")));
    struct str parts =
        expanded(&c, "CREATE TABLE IF NOT EXISTS derived.t (a INT) @SHARDED_KEYED; SELECT 1;", DB_POSTGRES, true);
    CHECK(str_find(parts, STR("(a INT) PARTITION BY HASH (bucket);"), &at));
    CHECK(str_find(
        parts, STR("CREATE TABLE derived.t_p3 PARTITION OF derived.t FOR VALUES WITH (MODULUS 4, REMAINDER 3);"), &at));
    CHECK(str_ends(parts, STR(" SELECT 1;")));
    CHECK(str_eq(expanded(&c, index, DB_SQLITE, false), STR("CREATE INDEX derived.i ON t (a, b DESC)")));
    CHECK(str_eq(expanded(&c, index, DB_POSTGRES, false), STR("CREATE INDEX i ON derived.t (bucket, a, b DESC)")));
    arena_free(&c.arena);
}

static void wrong_tokens_are_errors(void)
{
    struct ctx c = { .arena = arena_new() };
    static const char *const wrong[] = { "@NOTHING", "@KEY(a, b)", "@KEY(bucket)", "@ON", "@ON(bucket, a", "'open" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct db_migration m = { 1, "wrong", wrong[i] };
        CHECK(migrate_expand(&c, &m, DB_SQLITE, false, &(struct str){ NULL, 0 }) == ERR_INTERNAL);
    }
    arena_free(&c.arena);
}

static void a_table_astray_is_refused(struct ctx *c)
{
    struct db_migration more[] = { derived_migrations[0], { 2, "astray", "CREATE TABLE lost (x TEXT);" } };
    CHECK(db_migrate_derived(c, more, 2) == ERR_INTERNAL);
}

static void derived_may_be_deleted(struct fixture *f)
{
    fixture_close(f);
    CHECK(remove(arena_strf(f->c.arena, "%s/derived.db", f->folder).p) == 0);
    fixture_open(f);
    MUST(db_migrate_derived(&f->c, derived_migrations, 1), &f->c);
    CHECK(query(&f->c, STR("SELECT count(*) FROM derived.trend")) == 0);
    CHECK(query(&f->c, STR("SELECT max(version) FROM main.migration")) == 2);
}

int main(void)
{
    struct fixture f = { 0 };
    tokens_expand_for_each_engine();
    wrong_tokens_are_errors();
    fixture_folder(&f);
    fixture_open(&f);
    each_is_applied_once(&f.c);
    a_failing_migration_leaves_nothing(&f.c);
    a_newer_store_is_refused(&f.c);
    derived_has_its_own_history(&f.c);
    a_table_astray_is_refused(&f.c);
    derived_may_be_deleted(&f);
    fixture_end(&f);
    return check_done();
}
