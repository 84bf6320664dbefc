/* SPDX-License-Identifier: Apache-2.0 */
#include "core/words.h"

#include "base/buf.h"
#include "core/uni.h"

/* One word or phrase of a query. */
struct term {
    bool is_excluded;
    size_t first; /* into query.words */
    size_t n;
};

struct query {
    struct term terms[SEARCH_TERMS_MAX];
    size_t terms_n;
    struct str words[SEARCH_WORDS_MAX];
    size_t words_n;
};

static size_t char_at(struct str s, size_t at, uint32_t *cp)
{
    size_t step = str_utf8(s, at, cp);
    return step == 0 ? 1 : step;
}

static bool in_word(uint32_t cp)
{
    return cp != '_' && uni_is_word(cp);
}

static struct str cut_long(struct str word)
{
    size_t n = SEARCH_WORD_MAX;
    if (word.n <= n)
        return word;
    while (n > 0 && ((unsigned char)word.p[n] & 0xC0) == 0x80)
        n--;
    return str_head(word, n);
}

/* Takes the next word off *rest (folded text). */
static bool next_word(struct str *rest, struct str *word)
{
    size_t from = 0;
    uint32_t cp = 0;
    size_t step = 0;
    for (; from < rest->n; from += step) {
        step = char_at(*rest, from, &cp);
        if (in_word(cp))
            break;
    }
    if (from >= rest->n)
        return false;
    size_t end = from + step;
    bool single = uni_is_ideogram(cp);
    for (; end < rest->n; end += step) {
        step = char_at(*rest, end, &cp);
        if (single ? !uni_is_mark(cp) : !in_word(cp) || uni_is_ideogram(cp))
            break;
    }
    *word = cut_long((struct str){ rest->p + from, end - from });
    *rest = str_skip(*rest, end);
    return true;
}

struct str search_index_text(struct arena *a, struct str text)
{
    struct str rest = uni_plain(a, text);
    struct str word = { NULL, 0 };
    struct buf b = buf_on(a);
    (void)buf_reserve(&b, rest.n + rest.n / 2 + 1);
    while (next_word(&rest, &word)) {
        if (b.n > 0)
            buf_putc(&b, ' ');
        buf_put(&b, word);
    }
    return buf_str(&b);
}

int64_t search_length(struct str words)
{
    int64_t n = words.n > 0 ? 1 : 0;
    for (size_t i = 0; i < words.n; i++)
        n += words.p[i] == ' ';
    return n;
}

static bool is_quote(uint32_t cp)
{
    return cp == '"' || (cp >= 0x201C && cp <= 0x201F) || cp == 0xFF02;
}

void search_cut_term(struct str *rest, struct search_term *out)
{
    uint32_t cp = 0;
    size_t i = rest->p[0] == '-' ? 1 : 0;
    *out = (struct search_term){ .is_excluded = i == 1 };
    if (i < rest->n) {
        size_t step = char_at(*rest, i, &cp);
        out->is_quoted = is_quote(cp);
        i += out->is_quoted ? step : 0;
    }
    size_t from = i;
    size_t step = 0;
    for (; i < rest->n; i += step) {
        step = char_at(*rest, i, &cp);
        if (out->is_quoted ? is_quote(cp) : uni_is_space(cp) || is_quote(cp))
            break;
    }
    bool takes_end = i < rest->n && (out->is_quoted || uni_is_space(cp));
    out->text = (struct str){ rest->p + from, i - from };
    out->whole = str_head(*rest, takes_end ? i + step : i);
    *rest = str_skip(*rest, out->whole.n);
}

static void add_term(struct arena *a, struct query *q, struct str raw, bool is_excluded)
{
    struct str rest = uni_plain(a, raw);
    struct str word = { NULL, 0 };
    struct term t = { .is_excluded = is_excluded, .first = q->words_n };
    while (q->words_n < SEARCH_WORDS_MAX && next_word(&rest, &word)) {
        q->words[q->words_n++] = word;
        t.n++;
    }
    if (t.n > 0)
        q->terms[q->terms_n++] = t;
}

/* How many of its terms have to be there. */
static size_t parse(struct arena *a, struct str raw, struct query *q)
{
    struct str rest = str_head(raw, SEARCH_QUERY_MAX);
    struct search_term term = { 0 };
    size_t wanted = 0;
    while (rest.n > 0 && q->terms_n < SEARCH_TERMS_MAX) {
        search_cut_term(&rest, &term);
        add_term(a, q, term.text, term.is_excluded);
    }
    for (size_t i = 0; i < q->terms_n; i++)
        wanted += q->terms[i].is_excluded ? 0 : 1;
    return wanted;
}

/* Words hold letters, marks and digits only, so nothing in them needs escaping within quotes. */
static void put_fts5(struct buf *b, const struct query *q, const struct term *t)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < t->n; i++) {
        if (i > 0)
            buf_putc(b, ' ');
        buf_put(b, q->words[t->first + i]);
    }
    buf_putc(b, '"');
}

struct str search_fts5_query(struct arena *a, struct str query)
{
    struct query q = { 0 };
    struct buf b = buf_on(a);
    if (parse(a, query, &q) == 0)
        return (struct str){ NULL, 0 };
    buf_putc(&b, '(');
    for (size_t i = 0; i < q.terms_n; i++)
        if (!q.terms[i].is_excluded) {
            if (b.n > 1)
                buf_put(&b, STR(" AND "));
            put_fts5(&b, &q, &q.terms[i]);
        }
    buf_putc(&b, ')');
    for (size_t i = 0; i < q.terms_n; i++)
        if (q.terms[i].is_excluded) {
            buf_put(&b, STR(" NOT "));
            put_fts5(&b, &q, &q.terms[i]);
        }
    return buf_str(&b);
}

struct str search_fts5_excluded(struct arena *a, struct str query)
{
    struct query q = { 0 };
    struct buf b = buf_on(a);
    if (parse(a, query, &q) > 0 || q.terms_n == 0)
        return (struct str){ NULL, 0 };
    for (size_t i = 0; i < q.terms_n; i++) {
        buf_put(&b, i > 0 ? STR(" OR ") : STR(""));
        put_fts5(&b, &q, &q.terms[i]);
    }
    return buf_str(&b);
}

static struct str put_tsquery(struct arena *a, const struct query *q)
{
    struct buf b = buf_on(a);
    for (size_t i = 0; i < q->terms_n; i++) {
        const struct term *t = &q->terms[i];
        buf_put(&b, i > 0 ? STR(" & ") : STR(""));
        buf_put(&b, t->is_excluded ? STR("!(") : STR("("));
        for (size_t k = 0; k < t->n; k++) {
            buf_put(&b, k > 0 ? STR(" <-> '") : STR("'"));
            buf_put(&b, q->words[t->first + k]);
            buf_putc(&b, '\'');
        }
        buf_putc(&b, ')');
    }
    return buf_str(&b);
}

struct str search_tsquery(struct arena *a, struct str query)
{
    struct query q = { 0 };
    return parse(a, query, &q) > 0 ? put_tsquery(a, &q) : (struct str){ NULL, 0 };
}

struct str search_tsquery_excluded(struct arena *a, struct str query)
{
    struct query q = { 0 };
    return parse(a, query, &q) == 0 && q.terms_n > 0 ? put_tsquery(a, &q) : (struct str){ NULL, 0 };
}

static struct str prefixes(struct arena *a, struct str query, const char *open, const char *close, const char *and)
{
    struct query q = { 0 };
    struct buf b = buf_on(a);
    add_term(a, &q, str_head(query, SEARCH_QUERY_MAX), false);
    if (q.words_n == 0)
        return (struct str){ NULL, 0 };
    for (size_t i = 0; i < q.words_n; i++)
        buf_printf(&b, "%s%s" STR_FMT "%s", i > 0 ? and : "", open, STR_ARG(q.words[i]), close);
    return buf_str(&b);
}

struct str search_fts5_prefix(struct arena *a, struct str query)
{
    return prefixes(a, query, "\"", "\"*", " AND ");
}

struct str search_tsquery_prefix(struct arena *a, struct str query)
{
    return prefixes(a, query, "'", "':*", " & ");
}
