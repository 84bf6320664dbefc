/* SPDX-License-Identifier: Apache-2.0 */
#include "core/search_query.h"

#include "base/clock.h"
#include "check.h"
#include "core/words.h"

static struct arena *arena;
static struct search_query q;
static struct str wrong;

static bool takes(const char *raw)
{
    return search_query_parse(arena, str_c(raw), &q, &wrong);
}

#define WRONG(raw, begins) CHECK(!takes(raw) && str_starts(wrong, STR(begins)))
#define MARKS(raw, want)   CHECK(takes(raw) && str_eq(search_marks_fts5(arena, &q), STR(want)))

static void words_and_operators(void)
{
    CHECK(takes("ferry from:@Anna -\"so bad\" in:public") && q.has_operators);
    CHECK(str_eq(search_fts5_query(arena, q.words), STR("(\"ferry\") NOT \"so bad\"")));
    CHECK(q.from_n == 1 && str_eq(q.from[0].name, STR("Anna")) && !q.from[0].is_excluded);
    CHECK(q.scope == SEARCH_IN_PUBLIC);
    CHECK(takes("FROM:me -from:ben") && q.from[0].name.n == 0 && q.from[1].is_excluded && q.words.n == 0);
    CHECK(takes("note: this http://x.example \"from:me\" is:") && !q.has_operators && q.from_n == 0);
    CHECK(str_eq(search_fts5_query(arena, q.words),
                 STR("(\"note\" AND \"this\" AND \"http x example\" AND \"from me\" AND \"is\")")));
    CHECK(takes("") && takes(" \t- \" ") && takes(":") && takes("-:") && takes("\xFF:\xFE"));
    WRONG("has:cake", "has: takes");
    WRONG("is:here", "is: takes");
    WRONG("-in:all", "in: takes");
    WRONG("from:@", "from: takes");
    WRONG("language:german", "language: takes");
    WRONG("language:e1", "language: takes");
    WRONG("from:a from:b from:c from:d from:e from:f from:g from:h from:i", "from: can be there eight");
}

static void days(void)
{
    int64_t day = 0;
    CHECK(clock_parse(STR("2026-08-01"), &day));
    CHECK(takes("before:2026-08-01") && q.until_ms == day && q.since_ms == 0);
    CHECK(takes("after:2026-08-01") && q.since_ms == day + DAY_MS && q.until_ms == 0);
    CHECK(takes("during:2026-08-01") && q.since_ms == day && q.until_ms == day + DAY_MS);
    CHECK(takes("before:2026-08-01 before:2026-09-01 after:2026-07-01") && q.until_ms == day && q.since_ms < day);
    WRONG("before:2026-02-30", "before:");
    WRONG("after:yesterday", "before:");
    WRONG("during:2026-08-01T10:00:00Z", "before:");
    WRONG("-during:2026-08-01", "before:");
    WRONG("before:0000-01-01", "before:");
}

static void marks(void)
{
    CHECK(str_eq(search_marks(arena, 7, STR("pt-BR"), FACET_MEDIA | FACET_REPLY), STR("parley a7 media reply lpt")));
    CHECK(str_eq(search_marks(arena, 7, (struct str){ 0 }, 0), STR("parley a7")));
    MARKS("word", "(\"parley\")");
    CHECK(!search_asks_marks(&q));
    MARKS("-is:reply", "(\"parley\") NOT \"reply\"");
    CHECK(search_asks_marks(&q));
    MARKS("language:en has:media from:nobody -language:de is:sensitive from:x -has:poll",
          "((\"a0\" OR \"a0\") AND (\"len\") AND \"media\" AND \"sensitive\") NOT \"lde\" NOT \"poll\"");
    CHECK(str_eq(search_marks_tsquery(arena, &q),
                 STR("(('a0' | 'a0') & ('len') & 'media' & 'sensitive') & !'lde' & !'poll'")));
    CHECK(str_eq(search_fts5_excluded(arena, STR("-a -\"b c\"")), STR("\"a\" OR \"b c\"")));
    CHECK(str_eq(search_tsquery_excluded(arena, STR("-a -\"b c\"")), STR("!('a') & !('b' <-> 'c')")));
    CHECK(search_fts5_excluded(arena, STR("-a b")).p == NULL && search_fts5_excluded(arena, STR("")).p == NULL);
}

int main(void)
{
    arena = arena_new();
    words_and_operators();
    days();
    marks();
    arena_free(&arena);
    return check_done();
}
