/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text.h"

#include "base/buf.h"
#include "core/uni.h"

#define FULLWIDTH_HASH 0xFF03U
#define NO_CHAR        0U

struct scan {
    struct arena *arena;
    struct str t;
    struct text_entities *e;
};

static bool is_alnum(char ch)
{
    return (ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z');
}

static bool is_name(char ch)
{
    return is_alnum(ch) || ch == '_';
}

/* The code point at `at` and its length; ill-formed bytes pass singly as U+FFFD; NO_CHAR with 0 at the end. */
static size_t char_at(struct str t, size_t at, uint32_t *cp)
{
    *cp = NO_CHAR;
    if (at >= t.n)
        return 0;
    size_t step = str_utf8(t, at, cp);
    return step == 0 ? 1 : step;
}

static uint32_t char_before(struct str t, size_t at)
{
    uint32_t cp = NO_CHAR;
    for (size_t back = 1; back <= 4 && back <= at; back++) {
        if (((unsigned char)t.p[at - back] & 0xC0) == 0x80)
            continue;
        return str_utf8(t, at - back, &cp) == back ? cp : 0xFFFD;
    }
    return at == 0 ? NO_CHAR : 0xFFFD;
}

/* Room for one more behind n elements: arrays double, from 4. */
static void *grown(struct arena *a, void *old, size_t n, size_t size)
{
    if (n != 0 && (n < 4 || (n & (n - 1)) != 0))
        return old;
    void *p = arena_alloc_array(a, n == 0 ? 4 : n * 2, size);
    if (n > 0)
        memcpy(p, old, n * size);
    return p;
}

static struct str slice(struct str t, size_t from, size_t to)
{
    return (struct str){ t.p + from, to - from };
}

/* "example.comさん": where the top label begins in ASCII and runs into a script without spaces, the text goes on there.
   Labels further left are left alone, for names of such mixture are registered. */
static size_t cut_top_label(struct str t, size_t from, size_t to)
{
    size_t top = to;
    while (top > from && t.p[top - 1] != '.')
        top--;
    if (top >= to || (unsigned char)t.p[top] >= 0x80)
        return to;
    uint32_t cp = NO_CHAR;
    for (size_t i = top, step = 0; i < to; i += step) {
        step = char_at(t, i, &cp);
        if (cp >= 0x80 && uni_is_unspaced(cp))
            return i;
    }
    return to;
}

/* The end of a host name that begins at `from`; `from` when there is none. */
static size_t host_end(struct str t, size_t from)
{
    size_t end = from;
    uint32_t cp = NO_CHAR;
    for (size_t i = from, step = 0; i < t.n && i - from <= TEXT_DOMAIN_MAX; i += step) {
        char ch = t.p[i];
        step = char_at(t, i, &cp);
        if (is_alnum(ch) || (cp >= 0x80 && uni_is_word(cp)))
            end = i + step;
        else if (i == from || (ch != '-' && ch != '_' && ch != '.') || (ch == '.' && t.p[i - 1] == '.'))
            break;
    }
    end = cut_top_label(t, from, end);
    return end - from > TEXT_DOMAIN_MAX ? from : end;
}

static bool mention_may_start(struct str t, size_t at)
{
    uint32_t before = char_before(t, at);
    if (before == '/' || before == '=' || before == '@')
        return false;
    return before == NO_CHAR || !uni_is_word(before) || uni_is_unspaced(before);
}

/* Dots and dashes stand single, inside the name. */
static size_t user_end(struct str t, size_t from)
{
    size_t i = from;
    while (i < t.n) {
        bool joint = (t.p[i] == '.' || t.p[i] == '-') && i > from && i + 1 < t.n && is_name(t.p[i + 1]);
        if (!is_name(t.p[i]) && !joint)
            break;
        i++;
    }
    return i;
}

/* "@in" of "@inés" is nobody's name; "@alice" of "@aliceさん" is one. */
static bool local_user_ok(struct str t, size_t from, size_t to)
{
    uint32_t next = NO_CHAR;
    if (to - from > TEXT_LOCAL_USER_MAX)
        return false;
    for (size_t i = from; i < to; i++)
        if (!is_name(t.p[i]))
            return false;
    (void)char_at(t, to, &next);
    return next < 0x80 || !uni_is_word(next) || uni_is_unspaced(next);
}

static void add_mention(struct scan *s, struct text_mention m)
{
    struct text_entities *e = s->e;
    if (e->mentions_n >= TEXT_ENTITIES_MAX)
        return;
    e->mentions = grown(s->arena, e->mentions, e->mentions_n, sizeof *e->mentions);
    e->mentions[e->mentions_n++] = m;
}

/* Each take_... looks at a trigger and returns where the scan goes on. */
static size_t take_mention(struct scan *s, size_t at)
{
    struct str t = s->t;
    size_t from = at + 1;
    if (from >= t.n || !is_name(t.p[from]) || !mention_may_start(t, at))
        return from;
    size_t to = user_end(t, from);
    size_t end = to;
    if (to < t.n && t.p[to] == '@')
        end = host_end(t, to + 1);
    if (end > to + 1 && to - from <= TEXT_REMOTE_USER_MAX) {
        struct text_mention m = { at, end - at, slice(t, from, to), slice(t, to + 1, end) };
        add_mention(s, m);
        return end;
    }
    if (local_user_ok(t, from, to))
        add_mention(s, (struct text_mention){ at, to - at, slice(t, from, to), { NULL, 0 } });
    return to;
}

/* Joins parts of a tag but neither begins nor ends it: zero-width non-joiner, middle dots. */
static bool is_tag_joint(uint32_t cp)
{
    return cp == 0x200C || cp == 0x00B7 || cp == 0x30FB;
}

static size_t tag_end(struct str t, size_t from, bool *has_letter)
{
    size_t end = from;
    uint32_t cp = NO_CHAR;
    *has_letter = false;
    for (size_t i = from, step = 0; i < t.n; i += step) {
        step = char_at(t, i, &cp);
        if (i == from && uni_is_mark(cp)) /* the keycap emoji: '#' and marks */
            break;
        if (uni_is_word(cp))
            end = i + step;
        else if (i == from || !is_tag_joint(cp))
            break;
        *has_letter = *has_letter || uni_is_letter(cp);
    }
    return end;
}

bool text_tag_ok(struct str name)
{
    bool has_letter = false;
    return name.n > 0 && name.n <= TEXT_TAG_MAX && tag_end(name, 0, &has_letter) == name.n && has_letter;
}

struct str text_tag_key(struct arena *a, struct str name)
{
    return uni_fold(a, name);
}

static size_t take_tag(struct scan *s, size_t at, size_t hash_n)
{
    struct text_entities *e = s->e;
    size_t from = at + hash_n;
    uint32_t before = char_before(s->t, at);
    if (before == '/' || before == '=' || before == '&' || before == '#' || before == FULLWIDTH_HASH
        || (before != NO_CHAR && uni_is_word(before)))
        return from;
    bool has_letter = false;
    size_t to = tag_end(s->t, from, &has_letter);
    if (!has_letter || to - from > TEXT_TAG_MAX || e->tags_n >= TEXT_ENTITIES_MAX)
        return to;
    struct str name = slice(s->t, from, to);
    e->tags = grown(s->arena, e->tags, e->tags_n, sizeof *e->tags);
    e->tags[e->tags_n++] = (struct text_tag){ at, to - at, name, text_tag_key(s->arena, name) };
    return to;
}

static bool stays_in_url(char ch, uint32_t cp)
{
    if (cp >= 0x80)
        return uni_is_word(cp) || uni_is_dash(cp) || cp == 0x200C;
    return ch > ' ' && ch != 0x7F && ch != '<' && ch != '>' && ch != '"' && ch != '`' && ch != '\\';
}

/* Behind the host: port, path, query, fragment, as far as an address can go; closing punctuation included. */
static size_t url_run(struct str t, size_t from)
{
    size_t i = from;
    uint32_t cp = NO_CHAR;
    if (i < t.n && t.p[i] == ':')
        for (i++; i < t.n && t.p[i] >= '0' && t.p[i] <= '9';)
            i++;
    if (i >= t.n || (t.p[i] != '/' && t.p[i] != '?' && t.p[i] != '#'))
        return i;
    while (i < t.n) {
        size_t step = char_at(t, i, &cp);
        if (!stays_in_url(t.p[i], cp))
            break;
        i += step;
    }
    return i;
}

/* Takes off punctuation that belongs to the sentence (an address holds no NUL, see stays_in_url), and closing brackets
 * that were not opened in the address. */
static size_t url_trim(struct str t, size_t from, size_t to)
{
    static const char open[] = "([{";
    static const char shut[] = ")]}";
    long balance[3] = { 0 };
    for (size_t i = from; i < to; i++)
        for (size_t k = 0; k < 3; k++)
            balance[k] += (t.p[i] == open[k]) - (t.p[i] == shut[k]);
    while (to > from) {
        char ch = t.p[to - 1];
        const char *bracket = strchr(shut, ch);
        if (bracket != NULL && balance[bracket - shut] < 0)
            balance[bracket - shut]++;
        else if (strchr(".,:;!?'*&([{", ch) == NULL)
            break;
        to--;
    }
    return to;
}

/* "https://bank.example@evil.example" shows one host and leads to another: never a link. */
static bool has_userinfo(struct str t, size_t from)
{
    uint32_t cp = NO_CHAR;
    for (size_t i = from, step = 0; i < t.n && i - from < TEXT_URL_MAX; i += step) {
        step = char_at(t, i, &cp);
        if (t.p[i] == '@')
            return true;
        if (t.p[i] == '/' || t.p[i] == '?' || t.p[i] == '#' || !stays_in_url(t.p[i], cp))
            return false;
    }
    return false;
}

static size_t take_url(struct scan *s, size_t at)
{
    struct str t = s->t;
    struct text_entities *e = s->e;
    struct str rest = str_skip(t, at);
    size_t scheme = str_eq_nocase(str_head(rest, 8), STR("https://"))  ? 8
                    : str_eq_nocase(str_head(rest, 7), STR("http://")) ? 7
                                                                       : 0;
    uint32_t before = char_before(t, at);
    if (scheme == 0 || (before < 0x80 && uni_is_word(before)))
        return at + 1;
    size_t host = at + scheme;
    size_t to = host_end(t, host);
    if (to == host || has_userinfo(t, host))
        return host;
    size_t run = url_run(t, to);
    to = url_trim(t, to, run);
    if (to - at > TEXT_URL_MAX || e->urls_n >= TEXT_ENTITIES_MAX)
        return run;
    e->urls = grown(s->arena, e->urls, e->urls_n, sizeof *e->urls);
    e->urls[e->urls_n++] = (struct text_url){ at, to - at, slice(t, at, to) };
    return to;
}

void text_scan(struct arena *a, struct str text, struct text_entities *out)
{
    struct scan s = { a, text, out };
    *out = (struct text_entities){ 0 };
    for (size_t i = 0; i < text.n;) {
        switch (text.p[i]) {
        case '@': i = take_mention(&s, i); break;
        case '#': i = take_tag(&s, i, 1); break;
        case 'h':
        case 'H': i = take_url(&s, i); break;
        case '\xEF': i = str_starts(str_skip(text, i), STR("\xEF\xBC\x83")) ? take_tag(&s, i, 3) : i + 1; break;
        default: i++;
        }
    }
}

size_t text_graphemes(struct str s)
{
    return uni_graphemes(s);
}

/* Counts a copy in which every link is TEXT_URL_LENGTH letters and every remote mention has lost its domain. */
size_t text_length(struct arena *a, struct str text, const struct text_entities *e)
{
    size_t counted = 0;
    size_t from = 0;
    struct buf b = buf_on(a);
    for (size_t m = 0, u = 0; m < e->mentions_n || u < e->urls_n;) {
        bool url = m >= e->mentions_n || (u < e->urls_n && e->urls[u].at < e->mentions[m].at);
        if (url) {
            buf_put(&b, slice(text, from, e->urls[u].at));
            buf_putc(&b, 'x');
            counted += TEXT_URL_LENGTH - 1;
            from = e->urls[u].at + e->urls[u].n;
            u++;
        } else {
            size_t shown = e->mentions[m].at + 1 + e->mentions[m].user.n;
            buf_put(&b, slice(text, from, shown));
            from = e->mentions[m].at + e->mentions[m].n;
            m++;
        }
    }
    if (from == 0)
        return uni_graphemes(text);
    buf_put(&b, str_skip(text, from));
    return counted + uni_graphemes(buf_str(&b));
}

struct str text_first_url(const struct text_entities *e)
{
    return e->urls_n == 0 ? (struct str){ NULL, 0 } : e->urls[0].url;
}
