/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What both engines must do alike. */
#include "fixture.h"

static inline void values_come_back(struct ctx *c)
{
    MUST(exec_tx(c, db_engine_of(c->db) == DB_SQLITE ? STR("CREATE TABLE v (id BIGINT PRIMARY KEY, t TEXT, b BLOB)")
                                                     : STR("CREATE TABLE v (id BIGINT PRIMARY KEY, t TEXT, b BYTEA)")),
         c);
    MUST(db_begin(c), c);
    DB_STMT in = NULL;
    int64_t changed = 0;
    MUST(db_stmt(c, STR("INSERT INTO v (t, b, id) VALUES ($3, $2, $1)"), &in), c); /* SQLite would number $3 as 1 */
    db_bind_i64(in, 1, INT64_MAX);
    db_bind_blob(in, 2, (struct str){ "\0\xff\0", 3 });
    db_bind_str(in, 3, (struct str){ "zwei und mehr", 4 }); /* a view, not a C string */
    CHECK(db_run(c, in, &changed) == OK && changed == 1);
    db_done(&in);
    MUST(db_stmt(c, STR("INSERT INTO v (id, t, b) VALUES ($1, $2, $3) RETURNING id"), &in), c);
    db_bind_i64(in, 1, -5);
    db_bind_str(in, 2, (struct str){ NULL, 0 });
    db_bind_blob(in, 3, STR(""));
    bool row = false;
    CHECK(db_step(c, in, &row) == OK && row && db_col_i64(in, 0) == -5);
    MUST(db_commit(c), c);

    DB_STMT out = NULL;
    MUST(db_stmt(c, STR("SELECT id, t, b FROM v WHERE id > $1 ORDER BY id DESC"), &out), c);
    db_bind_i64(out, 1, INT64_MIN);
    MUST(db_step(c, out, &row), c);
    CHECK(row && db_col_i64(out, 0) == INT64_MAX && str_eq(db_col_str(out, c->arena, 1), STR("zwei")));
    CHECK(str_eq(db_col_blob(out, c->arena, 2), (struct str){ "\0\xff\0", 3 }));
    MUST(db_step(c, out, &row), c);
    CHECK(row && db_col_i64(out, 0) == -5 && db_col_is_null(out, 1) && db_col_str(out, c->arena, 1).p == NULL);
    CHECK(!db_col_is_null(out, 2) && db_col_blob(out, c->arena, 2).p != NULL && db_col_blob(out, c->arena, 2).n == 0);
    CHECK(db_col_i64(out, 1) == 0);
    MUST(db_step(c, out, &row), c);
    CHECK(!row);
}

static inline void lists_of_ids(struct ctx *c)
{
    int64_t ids[] = { 3, 9, 4 };
    bool row = false;
    DB_STMT st = NULL;
    MUST(exec_tx(c, STR("CREATE TABLE n (id BIGINT PRIMARY KEY); INSERT INTO n VALUES (1), (3), (4)")), c);
    MUST(db_stmt(c, STR("SELECT sum(id), '@IN(x)' FROM n WHERE id @IN($1)"), &st), c);
    db_bind_ids(st, 1, ids, 3);
    MUST(db_step(c, st, &row), c);
    CHECK(row && db_col_i64(st, 0) == 7 && str_eq(db_col_str(st, c->arena, 1), STR("@IN(x)")));
    db_done(&st);
    MUST(db_stmt(c, STR("SELECT count(*) FROM n WHERE id @IN($1)"), &st), c);
    db_bind_ids(st, 1, NULL, 0);
    MUST(db_step(c, st, &row), c);
    CHECK(row && db_col_i64(st, 0) == 0);
    CHECK(db_stmt(c, STR("SELECT @NONE"), &(struct stmt *){ NULL }) == ERR_INTERNAL);
}

static inline void same_text_twice_at_once(struct ctx *c)
{
    bool row = false;
    DB_STMT a = NULL;
    DB_STMT b = NULL;
    MUST(db_stmt(c, STR("SELECT id FROM n WHERE id = $1"), &a), c);
    MUST(db_stmt(c, STR("SELECT id FROM n WHERE id = $1"), &b), c);
    db_bind_i64(a, 1, 1);
    db_bind_i64(b, 1, 3);
    MUST(db_step(c, a, &row), c);
    MUST(db_step(c, b, &row), c);
    CHECK(db_col_i64(a, 0) == 1 && db_col_i64(b, 0) == 3);
}

static inline void transactions_hold(struct ctx *c)
{
    MUST(exec_tx(c, ITEM), c);
    CHECK(put(c, 1, STR("one")) == OK);
    CHECK(put(c, 1, STR("again")) == ERR_CONFLICT && str_eq(c->says, STR("already exists")));
    CHECK(!db_in_tx(c->db));
    CHECK(insert(c, 3, STR("outside a transaction")) == ERR_INTERNAL);
    CHECK(query(c, STR("SELECT count(*) FROM item")) == 1);
    MUST(db_begin(c), c);
    CHECK(insert(c, 4, STR("four")) == OK);
    CHECK(query(c, STR("SELECT count(*) FROM item")) == 2); /* it sees its own */
    db_rollback(c);
    db_rollback(c);
    CHECK(!db_in_tx(c->db) && query(c, STR("SELECT count(*) FROM item")) == 1);
}

/* The connection may be somebody else's after the transaction: the statement must not touch it again. */
static inline void a_statement_ends_with_its_transaction(struct ctx *c)
{
    bool row = false;
    DB_STMT st = NULL;
    MUST(db_begin(c), c);
    MUST(db_stmt(c, STR("SELECT id FROM item"), &st), c);
    MUST(db_step(c, st, &row), c);
    MUST(db_commit(c), c);
    MUST(db_begin(c), c);
    db_done(&st);
    db_rollback(c);
    CHECK(row && st == NULL);
}

static const struct db_migration two_migrations[] = {
    { 1, "statuses",
      "-- statuses, with 'a quote in a comment\n"
      "CREATE TABLE status (@BUCKET_ID, body TEXT, raw @BLOB) @SHARDED;\n"
      "CREATE INDEX status_by_body ON status @ON(bucket, body, id DESC);\n"
      "CREATE TABLE follow (bucket INTEGER NOT NULL, a BIGINT NOT NULL, b BIGINT NOT NULL,\n"
      "  @KEY(bucket, a, b)) @SHARDED_KEYED;\n"
      "-- @sqlite\n"
      "CREATE TABLE only_one (sqlite TEXT);\n"
      "-- @postgres\n"
      "CREATE TABLE only_one (postgres TEXT);\n"
      "-- @both\n"
      "INSERT INTO status (bucket, id, body) VALUES (1, 2, '@BLOB -- it''s text');\n" },
    { 2, "claims",
      "CREATE TABLE claim (bucket INTEGER NOT NULL, value TEXT NOT NULL, @KEY_ALL(bucket, value)) @SHARDED;" },
};

static const struct db_migration derived_migrations[] = {
    { 1, "trends",
      "CREATE TABLE derived.trend (bucket INTEGER NOT NULL, day BIGINT NOT NULL, n BIGINT, @KEY(bucket, day)) "
      "@SHARDED_KEYED;"
      "CREATE INDEX @DERIVED_INDEX(trend_by_n, trend) @ON(bucket, n);" },
};

static inline void count_progress(void *arg, const struct db_migration *m, size_t at, size_t of)
{
    CHECK(m == &two_migrations[at] && at < of);
    ++*(int *)arg;
}

static inline void each_is_applied_once(struct ctx *c)
{
    int64_t version = -1;
    int ran = 0;
    CHECK(db_version(c, &version) == OK && version == 0);
    MUST(db_migrate(c, two_migrations, 1, count_progress, &ran), c);
    CHECK(ran == 1 && db_version(c, &version) == OK && version == 1);
    MUST(db_migrate(c, two_migrations, 2, count_progress, &ran), c);
    MUST(db_migrate(c, two_migrations, 2, count_progress, &ran), c);
    CHECK(ran == 2 && db_version(c, &version) == OK && version == 2);
    CHECK(query(c, STR("SELECT count(*) FROM migration WHERE applied_ms = 1785542400000")) == 2);
    CHECK(query(c, STR("SELECT count(*) FROM status WHERE body = '@BLOB -- it''s text'")) == 1);
    CHECK(query(c, STR("SELECT count(*) FROM only_one")) == 0);
}

static inline void a_failing_migration_leaves_nothing(struct ctx *c)
{
    struct db_migration more[] = { two_migrations[0],
                                   two_migrations[1],
                                   { 3, "bad", "CREATE TABLE half (x TEXT); INSERT INTO none VALUES (1);" } };
    int64_t version = 0;
    CHECK(db_migrate(c, more, 3, NULL, NULL) == ERR_INTERNAL && !db_in_tx(c->db));
    CHECK(db_version(c, &version) == OK && version == 2);
    CHECK(exec_tx(c, STR("CREATE TABLE half (x TEXT)")) == OK);
}

static inline void a_newer_store_is_refused(struct ctx *c)
{
    CHECK(db_migrate(c, two_migrations, 1, NULL, NULL) == ERR_CONFLICT);
    CHECK(str_eq(c->says,
                 STR("This data folder was written by a newer Parley (schema 2); this one knows 1. Run the newer "
                     "version.")));
}

static inline enum err upsert_trend(struct ctx *c, int64_t day, int64_t n)
{
    DB_STMT st = NULL;
    TRY(db_begin_derived(c));
    enum err e = db_stmt(c,
                         STR("INSERT INTO derived.trend (bucket, day, n) VALUES (0, $1, $2)"
                             " ON CONFLICT @ON(bucket, day) DO UPDATE SET n = excluded.n"),
                         &st);
    if (e == OK) {
        db_bind_i64(st, 1, day);
        db_bind_i64(st, 2, n);
        e = db_run(c, st, NULL);
    }
    if (e == OK)
        return db_commit(c);
    db_rollback(c);
    return e;
}

static inline void derived_has_its_own_history(struct ctx *c)
{
    MUST(db_migrate_derived(c, derived_migrations, 1), c);
    MUST(db_migrate_derived(c, derived_migrations, 1), c);
    CHECK(upsert_trend(c, 7, 1) == OK && upsert_trend(c, 7, 2) == OK);
    CHECK(query(c, STR("SELECT n FROM derived.trend JOIN status ON status.id = 2")) == 2); /* readers see both */
    MUST(db_begin_derived(c), c);
    MUST(db_exec(c, STR("DELETE FROM derived.trend")), c);
    db_rollback(c);
    CHECK(query(c, STR("SELECT count(*) FROM derived.trend")) == 1);
}
