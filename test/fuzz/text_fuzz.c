/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "core/text_html.h"

/* Whatever is posted, the HTML of it is well-formed UTF-8, holds only the tags we write, each closed in its turn, and
   no stray '<', '>', '&' or quote; entities are in order, apart, and within the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const tags[] = { "p", "br", "span", "a" };

/* The tag after '<': its index in tags[]; *p is moved behind '>'. */
static size_t read_tag(struct str *rest, bool *closes)
{
    *closes = str_starts(*rest, STR("/"));
    *rest = str_skip(*rest, *closes ? 1 : 0);
    size_t n = 0;
    while (n < rest->n && rest->p[n] >= 'a' && rest->p[n] <= 'z')
        n++;
    size_t tag = 0;
    while (!str_eq(str_head(*rest, n), str_c(tags[tag])))
        assert(++tag < sizeof tags / sizeof tags[0]);
    *rest = str_skip(*rest, n);
    while (!str_starts(*rest, STR(">"))) { /* attributes: name="value" */
        size_t quote = 0;
        assert(!*closes && str_starts(*rest, STR(" ")) && str_find(*rest, STR("=\""), &quote));
        struct str name = { rest->p + 1, quote - 1 };
        assert(str_eq(name, STR("href")) || str_eq(name, STR("class")) || str_eq(name, STR("rel"))
               || str_eq(name, STR("target")) || str_eq(name, STR("translate")));
        *rest = str_skip(*rest, quote + 2);
        if (str_eq(name, STR("href")))
            assert(str_eq_nocase(str_head(*rest, 7), STR("http://"))
                   || str_eq_nocase(str_head(*rest, 8), STR("https://")));
        assert(str_find(*rest, STR("\""), &quote));
        for (size_t i = 0; i < quote; i++)
            assert(rest->p[i] != '<' && rest->p[i] != '>');
        *rest = str_skip(*rest, quote + 1);
    }
    *rest = str_skip(*rest, 1);
    return tag;
}

static void check_html(struct str html, bool line)
{
    size_t stack[4] = { 0 };
    size_t depth = 0;
    struct str rest = html;
    assert(str_is_utf8(html));
    while (rest.n > 0) {
        char ch = rest.p[0];
        assert(ch != '>' && ch != '"' && ch != '\'');
        assert(line || depth > 0 || ch == '<');
        assert(ch != '&' || str_starts(rest, STR("&amp;")) || str_starts(rest, STR("&lt;"))
               || str_starts(rest, STR("&gt;")) || str_starts(rest, STR("&quot;")) || str_starts(rest, STR("&#39;")));
        rest = str_skip(rest, 1);
        if (ch != '<')
            continue;
        bool closes = false;
        size_t tag = read_tag(&rest, &closes);
        if (closes) {
            assert(depth > 0 && stack[depth - 1] == tag);
            depth--;
        } else if (tag != 1) {
            assert(depth < 4);
            stack[depth++] = tag;
        }
    }
    assert(depth == 0);
}

static void check_range(const struct str *text, size_t at, size_t n, size_t *from)
{
    assert(at >= *from && n > 0 && n <= text->n && at <= text->n - n);
    assert(str_is_utf8((struct str){ text->p + at, n }));
    *from = at + n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str hrefs[] = { STR("https://h/@a\"<"), { NULL, 0 }, STR("javascript:x"), STR("http://h/") };
    struct str text = { (const char *)data, size };
    struct text_links links = { .base_url = STR("https://p"), .mention_hrefs = hrefs, .mention_hrefs_n = 4 };
    struct text_entities e = { 0 };
    struct arena *a = arena_new();
    text_scan(a, text, &e);
    size_t from = 0;
    for (size_t i = 0; i < e.mentions_n; i++)
        check_range(&text, e.mentions[i].at, e.mentions[i].n, &from);
    from = 0;
    for (size_t i = 0; i < e.tags_n; i++) {
        check_range(&text, e.tags[i].at, e.tags[i].n, &from);
        assert(text_tag_ok(e.tags[i].name));
    }
    from = 0;
    for (size_t i = 0; i < e.urls_n; i++)
        check_range(&text, e.urls[i].at, e.urls[i].n, &from);
    assert(text_length(a, text, &e) <= size + e.urls_n * TEXT_URL_LENGTH);
    check_html(text_to_html(a, text, &e, &links), false);
    check_html(text_line_to_html(a, text, &e, &links), true);
    arena_free(&a);
    return 0;
}
