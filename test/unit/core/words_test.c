/* SPDX-License-Identifier: Apache-2.0 */
#include "core/words.h"

#include <sqlite3.h>

#include "base/buf.h"
#include "check.h"

static struct arena *arena;
static sqlite3 *db;

#define FTS5(q, want)  CHECK(str_eq(search_fts5_query(arena, STR(q)), STR(want)))
#define PG(q, want)    CHECK(str_eq(search_tsquery(arena, STR(q)), STR(want)))
#define INDEX(t, want) CHECK(str_eq(search_index_text(arena, STR(t)), STR(want)))

static void queries(void)
{
    FTS5("Hello world", "(\"hello\" AND \"world\")");
    FTS5("\"the end\" -not -\"so bad\" x", "(\"the end\" AND \"x\") NOT \"not\" NOT \"so bad\"");
    FTS5("\xE2\x80\x9Cthe end\xE2\x80\x9D", "(\"the end\")");
    FTS5("state-of-the-art", "(\"state of the art\")");
    FTS5("AND OR NOT NEAR(a b) col:x ^y z*",
         "(\"and\" AND \"or\" AND \"not\" AND \"near a\" AND \"b\" AND \"col x\" AND \"y\" AND \"z\")");
    FTS5("\xC3\x8Dnes", "(\"ines\")");
    FTS5("\xE6\x97\xA5\xE6\x9C\xAC go", "(\"\xE6\x97\xA5 \xE6\x9C\xAC\" AND \"go\")");
    FTS5("open \"phrase goes on", "(\"open\" AND \"phrase goes on\")");
    PG("Hello world", "('hello') & ('world')");
    PG("-not \"so bad\"", "!('not') & ('so' <-> 'bad')");
    PG("it's a\\b", "('it' <-> 's') & ('a' <-> 'b')");
    CHECK(str_eq(search_fts5_prefix(arena, STR("Anna_B -\"x\" OR *")),
                 STR("\"anna\"* AND \"b\"* AND \"x\"* AND \"or\"*")));
    CHECK(str_eq(search_tsquery_prefix(arena, STR("Anna_B' | !c")), STR("'anna':* & 'b':* & 'c':*")));
    CHECK(search_fts5_prefix(arena, STR("@ *")).p == NULL && search_tsquery_prefix(arena, STR("")).p == NULL);
    CHECK(search_fts5_query(arena, STR("")).p == NULL);
    CHECK(search_fts5_query(arena, STR(" - \"\" -\"\" \xFF *")).p == NULL);
    CHECK(search_fts5_query(arena, STR("-only -negative")).p == NULL);
    CHECK(search_tsquery(arena, STR("-only")).p == NULL);
    INDEX("Caf\xC3\xA9, D\xC3\xA9j\xC3\xA0_vu! #Tag https://x.example", "cafe deja vu tag https x example");
    INDEX("abc\xE6\x97\xA5\xE6\x9C\xAC", "abc \xE6\x97\xA5 \xE6\x9C\xAC");
    INDEX("", "");
    INDEX("... !", "");
}

static void limits(void)
{
    struct buf b = buf_on(arena);
    for (int i = 0; i < 100; i++)
        buf_put(&b, STR("a "));
    struct str q = search_tsquery(arena, buf_str(&b));
    CHECK(q.n == 5 * SEARCH_TERMS_MAX + 3 * (SEARCH_TERMS_MAX - 1)); /* ('a') & ... */
    struct buf word = buf_on(arena);
    for (int i = 0; i < 1000; i++)
        buf_put(&word, STR("\xC3\xB8")); /* two bytes each, no diacritic */
    CHECK(search_index_text(arena, buf_str(&word)).n == SEARCH_WORD_MAX);
    CHECK(str_is_utf8(search_index_text(arena, buf_str(&word))));
}

static sqlite3_stmt *prepared(const char *sql)
{
    sqlite3_stmt *st = NULL;
    CHECK(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK);
    return st;
}

/* Rows that match, or -1 for an error of the engine. */
static int matches(struct str fts5)
{
    sqlite3_stmt *st = prepared("SELECT count(*) FROM t WHERE t MATCH $1");
    (void)sqlite3_bind_text(st, 1, fts5.p, (int)fts5.n, SQLITE_TRANSIENT);
    int n = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int(st, 0) : -1;
    (void)sqlite3_finalize(st);
    return n;
}

static void put(struct str text)
{
    struct str words = search_index_text(arena, text);
    sqlite3_stmt *st = prepared("INSERT INTO t VALUES ($1)");
    (void)sqlite3_bind_text(st, 1, words.p, (int)words.n, SQLITE_TRANSIENT);
    CHECK(sqlite3_step(st) == SQLITE_DONE);
    (void)sqlite3_finalize(st);
}

#define FINDS(q) (matches(search_fts5_query(arena, STR(q))) == 1)

static void with_the_engine(void)
{
    put(STR("The quick br\xC3\xB6wn fox; it's #Friday"));
    put(STR("\xE7\xA7\x81\xE3\x81\xAF\xE6\x97\xA5\xE6\x9C\xAC\xE4\xBA\xBA"));
    put(STR("\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80"));
    CHECK(FINDS("fox") && FINDS("QUICK brown") && FINDS("\"quick brown\"") && FINDS("it's") && FINDS("friday -dog"));
    CHECK(!FINDS("\"brown quick\"") && !FINDS("fox -friday") && !FINDS("qui"));
    CHECK(FINDS("\xE6\x97\xA5\xE6\x9C\xAC") && !FINDS("\xE6\x9C\xAC\xE6\x97\xA5"));
    CHECK(FINDS("\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80"));
    CHECK(matches(STR("AND (")) == -1); /* the check would notice a syntax error */
}

/* Whatever comes in, the engine takes the query. Fixed seed: a failure is the same every time. */
static void any_bytes(void)
{
    static const char alphabet[] = "ab1 \"-*^:(){}+,'\\\0\xE6\x97\xA5\xC3\xA9\xFF\n_ANDORT";
    uint32_t x = 1;
    int errors = 0;
    for (int round = 0; round < 3000; round++) {
        char raw[24];
        for (size_t i = 0; i < sizeof raw; i++) {
            x = x * 1664525U + 1013904223U;
            raw[i] = alphabet[(x >> 8) % (sizeof alphabet - 1)];
        }
        struct str q = search_fts5_query(arena, (struct str){ raw, x % (sizeof raw + 1) });
        errors += q.p != NULL && matches(q) < 0;
    }
    CHECK(errors == 0);
}

int main(void)
{
    arena = arena_new();
    queries();
    limits();
    CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db,
                       "CREATE VIRTUAL TABLE t USING fts5(x, tokenize = \"unicode61 remove_diacritics 0 categories 'L* "
                       "N* M* Co'\")",
                       NULL, NULL, NULL)
          == SQLITE_OK);
    with_the_engine();
    any_bytes();
    (void)sqlite3_close(db);
    arena_free(&arena);
    return check_done();
}
