/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>

#include "core/search_query.h"
#include "core/words.h"

/* Search queries of any bytes: never a crash; what cannot be understood is said; what is asked of the engine is a
   query that it takes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sqlite3 *open_index(void)
{
    sqlite3 *db = NULL;
    int rc = sqlite3_open(":memory:", &db);
    rc |= sqlite3_exec(db, "CREATE VIRTUAL TABLE t USING fts5(words, marks)", NULL, NULL, NULL);
    assert(rc == SQLITE_OK);
    return db;
}

static void engine_takes(struct arena *a, struct str column, struct str query)
{
    static sqlite3 *db;
    sqlite3_stmt *st = NULL;
    if (query.p == NULL)
        return;
    if (db == NULL)
        db = open_index();
    struct str match = arena_strf(a, STR_FMT " : (" STR_FMT ")", STR_ARG(column), STR_ARG(query));
    int rc = sqlite3_prepare_v2(db, "SELECT rowid FROM t WHERE t MATCH $1", -1, &st, NULL);
    assert(rc == SQLITE_OK);
    rc = sqlite3_bind_text(st, 1, match.p, (int)match.n, SQLITE_TRANSIENT);
    assert(rc == SQLITE_OK);
    rc = sqlite3_step(st);
    assert(rc == SQLITE_DONE);
    (void)sqlite3_finalize(st);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct search_query q = { 0 };
    struct str wrong = { 0 };
    bool fine = search_query_parse(a, (struct str){ (const char *)data, size }, &q, &wrong);
    assert(fine == (wrong.n == 0));
    assert(q.from_n <= SEARCH_FROM_MAX && q.languages_n <= SEARCH_FROM_MAX);
    assert(q.has_operators || (!search_asks_marks(&q) && q.since_ms == 0 && q.until_ms == 0));
    engine_takes(a, STR("words"), search_fts5_query(a, q.words));
    engine_takes(a, STR("words"), search_fts5_excluded(a, q.words));
    engine_takes(a, STR("marks"), search_marks_fts5(a, &q));
    assert(str_is_utf8(search_marks_tsquery(a, &q)));
    arena_free(&a);
    return 0;
}
