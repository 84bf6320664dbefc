/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text.h"

#include "base/buf.h"
#include "check.h"
#include "core/uni.h"

static struct arena *arena;

/* Mentions, then tags, then addresses, as one string: "@alice @bob@x.y #key https://z". */
static struct str found(struct str text)
{
    struct text_entities e = { 0 };
    struct buf b = buf_on(arena);
    text_scan(arena, text, &e);
    for (size_t i = 0; i < e.mentions_n; i++) {
        buf_printf(&b, " @" STR_FMT, STR_ARG(e.mentions[i].user));
        if (e.mentions[i].domain.n > 0)
            buf_printf(&b, "@" STR_FMT, STR_ARG(e.mentions[i].domain));
    }
    for (size_t i = 0; i < e.tags_n; i++)
        buf_printf(&b, " #" STR_FMT, STR_ARG(e.tags[i].key));
    for (size_t i = 0; i < e.urls_n; i++)
        buf_printf(&b, " " STR_FMT, STR_ARG(e.urls[i].url));
    return str_skip(buf_str(&b), 1);
}

#define FOUND(text, want) CHECK(str_eq(found(STR(text)), STR(want)))

static void mentions(void)
{
    FOUND("hi @alice!", "@alice");
    FOUND("@alice@parley.example.", "@alice@parley.example");
    FOUND("(@a_1, @B)", "@a_1 @B");
    FOUND("@a.b", "");
    FOUND("@alice.bsky.social", "");
    FOUND("@a.b-c@x.example", "@a.b-c@x.example");
    FOUND("@alice...and", "@alice");
    FOUND("@alice. Then", "@alice");
    FOUND("foo@bar.com", "");
    FOUND("foo.x@bar.com", "");
    FOUND("f\xC3\xB6\xC3\xB6@bar.com", "");
    FOUND("x/@alice", "");
    FOUND("?u=@alice", "");
    FOUND("@@alice", "");
    FOUND("@", "");
    FOUND("@ @- @. @@", "");
    FOUND("@alice@", "@alice");
    FOUND("@alice@.", "@alice");
    FOUND("@alice@-x", "@alice");
    FOUND("@a@b..c", "@a@b");
    FOUND("@alice\xE3\x81\x95\xE3\x82\x93", "@alice");
    FOUND("\xE3\x81\xAF\xE3\x81\x84@alice", "@alice");
    FOUND("@in\xC3\xA9s", "");
    FOUND("@ine\xCC\x81s", "");
    FOUND("@a@b\xC3\xBC"
          "cher.example",
          "@a@b\xC3\xBC"
          "cher.example");
    FOUND("@a@x.com\xE3\x81\x95\xE3\x82\x93", "@a@x.com");
    FOUND("@a@\xE4\xBE\x8B\xE3\x81\x88.\xE3\x83\x86\xE3\x82\xB9\xE3\x83\x88",
          "@a@\xE4\xBE\x8B\xE3\x81\x88.\xE3\x83\x86\xE3\x82\xB9\xE3\x83\x88");
    FOUND("@abcdefghijabcdefghijabcdefghij", "@abcdefghijabcdefghijabcdefghij");
    FOUND("@abcdefghijabcdefghijabcdefghijk", "");
    FOUND("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D @alice \xD8\xB3", "@alice");
}

static void tags(void)
{
    FOUND("#Tag", "#tag");
    FOUND("#1", "");
    FOUND("#2024", "");
    FOUND("#1a", "#1a");
    FOUND("#_", "");
    FOUND("#a_b-c", "#a_b");
    FOUND("#\xE3\x81\xBB\xE3\x81\x92", "#\xE3\x81\xBB\xE3\x81\x92");
    FOUND("\xEF\xBC\x83\xE3\x81\xBB\xE3\x81\x92", "#\xE3\x81\xBB\xE3\x81\x92"); /* full-width hash */
    FOUND("#\xEF\xBC\xA1\xEF\xBC\xA2", "#ab");                                  /* full-width letters */
    FOUND("#STRA\xE1\xBA\x9E"
          "E",
          "#strasse");
    FOUND("a#b", "");
    FOUND("C# and F#", "");
    FOUND("##a", "");
    FOUND("x/#a", "");
    FOUND("&#39;a", "");
    FOUND("&#x27;", "");
    FOUND("#\xEF\xB8\x8F\xE2\x83\xA3 #\xEF\xB8\x8F\xE2\x83\xA3x", ""); /* keycap */
    FOUND("#a #b,#c", "#a #b #c");
    FOUND("#\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE", "#\xD9\x85\xDB\x8C\xD8\xAE"); /* ZWNJ inside; the key drops it */
    FOUND("#ab\xE2\x80\x8C ", "#ab");
    FOUND("#caf\xC3\xA9 #cafe\xCC\x81", "#caf\xC3\xA9 #caf\xC3\xA9");
    FOUND("#love\xE2\x9D\xA4\xEF\xB8\x8F", "#love");
    FOUND("#", "");
    CHECK(text_tag_ok(STR("tag")) && text_tag_ok(STR("\xE3\x81\xBB")) && text_tag_ok(STR("1a")));
    CHECK(!text_tag_ok(STR("")) && !text_tag_ok(STR("1")) && !text_tag_ok(STR("a b")) && !text_tag_ok(STR("a\xFF")));
}

static void urls(void)
{
    FOUND("see https://a.example/x?y=1#z.", "https://a.example/x?y=1#z");
    FOUND("HTTP://A.example", "HTTP://A.example");
    FOUND("http://x/(a)_b).", "http://x/(a)_b");
    FOUND("(http://x/a)", "http://x/a");
    FOUND("[http://x/a[1]]", "http://x/a[1]");
    FOUND("http://x/a(", "http://x/a");
    FOUND("\"http://x/a\"", "http://x/a");
    FOUND("<http://x/a>", "http://x/a");
    FOUND("http://x?", "http://x");
    FOUND("http://x.", "http://x");
    FOUND("http://x/,", "http://x/");
    FOUND("http://x:8080/a", "http://x:8080/a");
    FOUND("http://x: y", "http://x");
    FOUND("http://", "");
    FOUND("http:// http:/x", "");
    FOUND("http:///x", "");
    FOUND("xhttp://y", "");
    FOUND("ftp://x javascript:alert(1) //x", "");
    FOUND("https://bank.example@evil.example/", "");
    FOUND("https://me:pw@evil.example/", "");
    FOUND("https://x/@alice https://x/#tag", "https://x/@alice https://x/#tag");
    FOUND("http://b\xC3\xBC"
          "cher.example/\xC3\xA4",
          "http://b\xC3\xBC"
          "cher.example/\xC3\xA4");
    FOUND("\xE8\xA6\x8B\xE3\x81\xA6https://x.com\xE3\x82\x92\xE8\xA6\x8B\xE3\x81\xA6", "https://x.com");
    FOUND("https://x.com/a\xE3\x80\x82\xE6\x9C\xAC", "https://x.com/a"); /* ideographic full stop */
    FOUND("https://x.com/a\xE3\x80\x80"
          "b",
          "https://x.com/a"); /* ideographic space */
    FOUND("https://x.com/a\xE2\x80\xAE"
          "b",
          "https://x.com/a"); /* bidi override */
    FOUND("https://x.com/a\xFF"
          "b",
          "https://x.com/a");
    FOUND("https://x.com/a\nb", "https://x.com/a");
    FOUND("a @b #c https://d e@f", "@b #c https://d");
}

static size_t length(struct str text)
{
    struct text_entities e = { 0 };
    text_scan(arena, text, &e);
    return text_length(arena, text, &e);
}

static void lengths(void)
{
    CHECK(length(STR("")) == 0);
    CHECK(length(STR("abc")) == 3);
    CHECK(length(STR("a\r\nb")) == 3);
    CHECK(length(STR("https://a.example/a/very/long/address/that/goes/on/and/on")) == 23);
    CHECK(length(STR("http://x")) == 23);
    CHECK(length(STR("a http://x b https://y.")) == 2 + 23 + 3 + 23 + 1);
    CHECK(length(STR("@alice@parley.example hi")) == 9);
    CHECK(length(STR("@alice hi http://x @b@c.d")) == 10 + 23 + 3);
    CHECK(length(STR("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"))
          == 1);                                                                                 /* ZWJ family */
    CHECK(length(STR("\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA")) == 2); /* two flags */
    CHECK(length(STR("e\xCC\x81\xCC\x82x")) == 2);
    CHECK(length(STR("\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD")) == 1); /* skin tone */
    CHECK(text_graphemes(STR("\xFF\xFE")) == 2);
    struct buf heap = buf_on(arena); /* marks heaped on one letter */
    buf_putc(&heap, 'e');
    for (size_t i = 1; i < UNI_CLUSTER_MAX; i++)
        buf_put(&heap, STR("\xCC\x81"));
    CHECK(length(buf_str(&heap)) == 1);
    for (int i = 0; i < 100; i++)
        buf_put(&heap, STR("\xCC\x81"));
    CHECK(length(buf_str(&heap)) == 101);
}

static void blanks(void)
{
    static const char *const blank[] = { "",
                                         " \n\t",
                                         "\xC2\xA0",
                                         "\xE3\x80\x80",
                                         "\xE2\x80\x8B\xE2\x81\xA0",
                                         "\xEF\xBB\xBF",
                                         "\xE2\xA0\x80",
                                         "\xE3\x85\xA4",
                                         "\xC2\xAD",
                                         "\xE2\x80\xAE",
                                         "\xC2\x85",
                                         "\xEF\xB8\x8F" };
    static const char *const seen[] = { "a", ".", "\xE2\x80\x8B.", "\xF0\x9F\x91\xA9", "\xCC\x81", "\xFF" };
    for (size_t i = 0; i < sizeof blank / sizeof blank[0]; i++)
        CHECK(uni_is_blank(str_c(blank[i])));
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
        CHECK(!uni_is_blank(str_c(seen[i])));
}

static void hostile(void)
{
    static const char *const parts[] = { "@a@", "http://",  "http://a",     "#\xE3\x81\xBB",
                                         "@a.", "\xF0\x9F", "http://x/(((", "a" };
    struct text_entities e = { 0 };
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
        struct buf b = buf_on(arena);
        while (b.n < 100000)
            buf_put(&b, str_c(parts[k]));
        text_scan(arena, buf_str(&b), &e);
        CHECK(e.mentions_n <= TEXT_ENTITIES_MAX && e.tags_n <= TEXT_ENTITIES_MAX && e.urls_n <= TEXT_ENTITIES_MAX);
        CHECK(text_length(arena, buf_str(&b), &e) > 0);
    }
    struct buf many = buf_on(arena);
    for (int i = 0; i < 300; i++)
        buf_put(&many, STR("@a #b http://c "));
    text_scan(arena, buf_str(&many), &e);
    CHECK(e.mentions_n == TEXT_ENTITIES_MAX && e.tags_n == TEXT_ENTITIES_MAX && e.urls_n == TEXT_ENTITIES_MAX);
    struct buf longest = buf_on(arena);
    buf_put(&longest, STR("http://x/"));
    while (longest.n < TEXT_URL_MAX)
        buf_putc(&longest, 'a');
    text_scan(arena, buf_str(&longest), &e);
    CHECK(e.urls_n == 1 && str_eq(text_first_url(&e), buf_str(&longest)));
    buf_putc(&longest, 'a');
    text_scan(arena, buf_str(&longest), &e);
    CHECK(e.urls_n == 0 && text_first_url(&e).p == NULL);
    text_scan(arena, (struct str){ NULL, 0 }, &e);
    CHECK(e.mentions_n + e.tags_n + e.urls_n == 0);
}

int main(void)
{
    arena = arena_new();
    mentions();
    tags();
    urls();
    lengths();
    blanks();
    hostile();
    arena_free(&arena);
    return check_done();
}
