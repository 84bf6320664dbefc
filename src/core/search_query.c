/* SPDX-License-Identifier: Apache-2.0 */
#include "core/search_query.h"

#include "base/buf.h"
#include "base/clock.h"
#include "core/words.h"

#define EVERY "parley" /* a mark of all */

/* One `name:value` of a query, and where what it says goes. */
struct operator
{
    struct arena *a;
    struct str value;
    bool is_excluded;
    struct search_query *q;
    const char *wrong; /* stays NULL when all is well */
};

static const struct {
    const char *name;
    const char *value;
    enum search_facet facet;
} facets[] = {
    { "has", "media", FACET_MEDIA },        { "has", "poll", FACET_POLL },   { "has", "link", FACET_LINK },
    { "has", "quote", FACET_QUOTE },        { "has", "embed", FACET_EMBED }, { "is", "reply", FACET_REPLY },
    { "is", "sensitive", FACET_SENSITIVE },
};
#define FACETS (sizeof facets / sizeof facets[0])

static bool read_facet(struct operator* o, const char *name)
{
    for (size_t i = 0; i < FACETS; i++)
        if (str_eq(str_c(facets[i].name), str_c(name)) && str_eq_nocase(o->value, str_c(facets[i].value))) {
            *(o->is_excluded ? &o->q->lacks : &o->q->has) |= facets[i].facet;
            return true;
        }
    return false;
}

static void read_has(struct operator* o)
{
    if (!read_facet(o, "has"))
        o->wrong = "has: takes media, poll, link, quote or embed";
}

static void read_is(struct operator* o)
{
    if (!read_facet(o, "is"))
        o->wrong = "is: takes reply or sensitive";
}

static void read_in(struct operator* o)
{
    static const char *const scopes[] = { "all", "library", "public" };
    o->wrong = "in: takes all, library or public, without a minus";
    for (int i = 0; i < 3 && !o->is_excluded; i++)
        if (str_eq_nocase(o->value, str_c(scopes[i]))) {
            o->q->scope = (enum search_scope)i;
            o->wrong = NULL;
        }
}

static void read_from(struct operator* o)
{
    struct str name = str_starts(o->value, STR("@")) ? str_skip(o->value, 1) : o->value;
    if (o->q->from_n == SEARCH_FROM_MAX)
        o->wrong = "from: can be there eight times at most";
    else if (name.n == 0)
        o->wrong = "from: takes me or the name of somebody, as in from:@anna";
    else
        o->q->from[o->q->from_n++] = (struct search_from){
            .name = str_eq_nocase(o->value, STR("me")) ? STR("") : name,
            .is_excluded = o->is_excluded,
        };
}

static void read_language(struct operator* o)
{
    struct str rest = o->value;
    struct str code = { 0 };
    (void)str_cut(&rest, '-', &code);
    bool is_code = code.n == 2 || code.n == 3;
    struct buf b = buf_on(o->a);
    for (size_t i = 0; i < code.n && is_code; i++) {
        char low = (char)(code.p[i] | 0x20);
        is_code = low >= 'a' && low <= 'z';
        buf_putc(&b, low);
    }
    if (!is_code)
        o->wrong = "language: takes a code, as in language:en";
    else if (o->q->languages_n == SEARCH_FROM_MAX)
        o->wrong = "language: can be there eight times at most";
    else
        o->q->languages[o->q->languages_n++] =
            (struct search_language){ .code = buf_str(&b), .is_excluded = o->is_excluded };
}

/* The day's first millisecond; false: it is none. */
static bool read_day(struct operator* o, int64_t *ms)
{
    *ms = 0;
    bool is_day = !o->is_excluded && clock_parse(o->value, ms) && *ms > 0 && str_eq(clock_date(o->a, *ms), o->value);
    if (!is_day)
        o->wrong = "before:, after: and during: take a day, as in before:2026-08-01, without a minus";
    return is_day;
}

static void not_before(struct search_query *q, int64_t ms)
{
    q->since_ms = ms > q->since_ms ? ms : q->since_ms;
}

static void until(struct search_query *q, int64_t ms)
{
    q->until_ms = q->until_ms == 0 || ms < q->until_ms ? ms : q->until_ms;
}

static void read_before(struct operator* o)
{
    int64_t ms = 0;
    if (read_day(o, &ms))
        until(o->q, ms);
}

static void read_after(struct operator* o)
{
    int64_t ms = 0;
    if (read_day(o, &ms))
        not_before(o->q, ms + DAY_MS);
}

static void read_during(struct operator* o)
{
    int64_t ms = 0;
    if (!read_day(o, &ms))
        return;
    not_before(o->q, ms);
    until(o->q, ms + DAY_MS);
}

static const struct {
    const char *name;
    void (*read)(struct operator* o);
} operators[] = {
    { "from", read_from }, { "before", read_before }, { "after", read_after }, { "during", read_during },
    { "has", read_has },   { "is", read_is },         { "in", read_in },       { "language", read_language },
};

/* False: the term is words. */
static bool read_operator(struct arena *a, struct str term, bool is_excluded, struct search_query *q,
                          const char **wrong)
{
    struct str rest = term;
    struct str name = { 0 };
    struct operator o = { .a = a, .is_excluded = is_excluded, .q = q };
    (void)str_cut(&rest, ':', &name);
    if (rest.p == NULL || rest.n == 0) /* "note:" is still being written, or a word */
        return false;
    o.value = rest;
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (str_eq_nocase(name, str_c(operators[i].name))) {
            operators[i].read(&o);
            if (o.wrong != NULL)
                *wrong = o.wrong;
            return true;
        }
    return false;
}

bool search_query_parse(struct arena *a, struct str raw, struct search_query *out, struct str *wrong)
{
    struct str rest = str_head(raw, SEARCH_QUERY_MAX);
    struct buf words = buf_on(a);
    const char *says = NULL;
    *out = (struct search_query){ 0 };
    for (int n = 0; rest.n > 0; n++) {
        struct search_term t = { 0 };
        search_cut_term(&rest, &t);
        if (!t.is_quoted && n < SEARCH_OPERATORS_MAX && read_operator(a, t.text, t.is_excluded, out, &says)) {
            out->has_operators = true;
            continue;
        }
        buf_put(&words, t.whole);
        buf_putc(&words, ' ');
    }
    out->words = buf_str(&words);
    *wrong = str_c(says);
    return says == NULL;
}

/* --- marks --- */

struct str search_marks(struct arena *a, int64_t author, struct str language, unsigned of)
{
    struct buf b = buf_on(a);
    struct str code = { 0 };
    buf_printf(&b, EVERY " a%lld", (long long)author);
    for (size_t i = 0; i < FACETS; i++)
        if ((of & facets[i].facet) != 0)
            buf_printf(&b, " %s", facets[i].value);
    if (language.n > 0 && str_cut(&language, '-', &code))
        buf_printf(&b, " l" STR_FMT, STR_ARG(code));
    return buf_str(&b);
}

/* How an engine writes them. */
struct signs {
    const char *quote;
    const char *both;
    const char *either;
    const char *but_not;
};
static const struct signs of_fts5 = { "\"", " AND ", " OR ", " NOT " };
static const struct signs of_tsquery = { "'", " & ", " | ", " & !" };

struct marks {
    struct str wanted[SEARCH_FROM_MAX];
    size_t wanted_n;
    struct str excluded[SEARCH_FROM_MAX];
    size_t excluded_n;
};

static void add_mark(struct marks *m, struct str mark, bool is_excluded)
{
    if (is_excluded)
        m->excluded[m->excluded_n++] = mark;
    else
        m->wanted[m->wanted_n++] = mark;
}

/* One of those wanted. */
static void put_any(struct buf *b, const struct signs *s, const struct marks *m)
{
    for (size_t i = 0; i < m->wanted_n; i++) {
        const char *before = b->n > 1 ? s->both : "";
        buf_printf(b, "%s%s%s" STR_FMT "%s", i == 0 ? before : s->either, i == 0 ? "(" : "", s->quote,
                   STR_ARG(m->wanted[i]), s->quote);
    }
    buf_put(b, m->wanted_n > 0 ? STR(")") : STR(""));
}

static void put_not(struct buf *b, const struct signs *s, const struct marks *m)
{
    for (size_t i = 0; i < m->excluded_n; i++)
        buf_printf(b, "%s%s" STR_FMT "%s", s->but_not, s->quote, STR_ARG(m->excluded[i]), s->quote);
}

static struct str expression(struct arena *a, const struct search_query *q, const struct signs *s)
{
    struct marks people = { 0 };
    struct marks languages = { 0 };
    struct buf b = buf_on(a);
    for (size_t i = 0; i < q->from_n; i++)
        add_mark(&people, arena_strf(a, "a%lld", (long long)q->from[i].id), q->from[i].is_excluded);
    for (size_t i = 0; i < q->languages_n; i++)
        add_mark(&languages, arena_strf(a, "l" STR_FMT, STR_ARG(q->languages[i].code)), q->languages[i].is_excluded);
    buf_putc(&b, '(');
    put_any(&b, s, &people);
    put_any(&b, s, &languages);
    for (size_t i = 0; i < FACETS; i++)
        if ((q->has & facets[i].facet) != 0)
            buf_printf(&b, "%s%s%s%s", b.n > 1 ? s->both : "", s->quote, facets[i].value, s->quote);
    if (b.n == 1)
        buf_printf(&b, "%s" EVERY "%s", s->quote, s->quote);
    buf_putc(&b, ')');
    put_not(&b, s, &people);
    put_not(&b, s, &languages);
    for (size_t i = 0; i < FACETS; i++)
        if ((q->lacks & facets[i].facet) != 0)
            buf_printf(&b, "%s%s%s%s", s->but_not, s->quote, facets[i].value, s->quote);
    return buf_str(&b);
}

struct str search_marks_fts5(struct arena *a, const struct search_query *q)
{
    return expression(a, q, &of_fts5);
}

struct str search_marks_tsquery(struct arena *a, const struct search_query *q)
{
    return expression(a, q, &of_tsquery);
}

bool search_asks_marks(const struct search_query *q)
{
    return q->from_n + q->languages_n > 0 || (q->has | q->lacks) != 0;
}
