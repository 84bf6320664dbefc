/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text_html.h"

#include "base/buf.h"
#include "check.h"

static struct arena *arena;

static struct str html(struct str text)
{
    static const struct str hrefs[] = { STR("https://h/@a\"b"), { NULL, 0 }, STR("javascript:x") };
    struct text_links links = { .base_url = STR("https://p.example"), .mention_hrefs = hrefs, .mention_hrefs_n = 3 };
    struct text_entities e = { 0 };
    text_scan(arena, text, &e);
    return text_to_html(arena, text, &e, &links);
}

#define HTML(text, want) CHECK(str_eq(html(STR(text)), STR(want)))

static void paragraphs(void)
{
    HTML("", "");
    HTML(" \n ", "");
    HTML("a", "<p>a</p>");
    HTML("a\nb", "<p>a<br>b</p>");
    HTML("a\r\nb\rc", "<p>a<br>b<br>c</p>");
    HTML("a\n\nb", "<p>a</p><p>b</p>");
    HTML("a\r\n\r\nb", "<p>a</p><p>b</p>");
    HTML("a\n \t\n\n\nb\n", "<p>a</p><p>b</p>");
    HTML("\n\na ", "<p>a</p>");
    HTML("#a\n#b",
         "<p><a href=\"https://p.example/tags/a\" class=\"mention hashtag\" rel=\"tag\">#<span>a</span></a><br>"
         "<a href=\"https://p.example/tags/b\" class=\"mention hashtag\" rel=\"tag\">#<span>b</span></a></p>");
}

static void escapes(void)
{
    HTML("<script>alert('x')</script> & \"q\"",
         "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;</p>");
    HTML("a\xFF\x00"
         "b",
         "<p>a\xEF\xBF\xBD\xEF\xBF\xBD"
         "b</p>");
    HTML("https://x/?a=1&b='",
         "<p><a href=\"https://x/?a=1&amp;b=\" target=\"_blank\" rel=\"nofollow noopener noreferrer\" "
         "translate=\"no\"><span class=\"invisible\">https://</span><span class=\"\">x/?a=1&amp;b="
         "</span><span class=\"invisible\"></span></a>&#39;</p>");
    HTML("https://x/\"onmouseover=alert(1)",
         "<p><a href=\"https://x/\" target=\"_blank\" rel=\"nofollow noopener noreferrer\" "
         "translate=\"no\"><span class=\"invisible\">https://</span><span class=\"\">x/"
         "</span><span class=\"invisible\"></span></a>&quot;onmouseover=alert(1)</p>");
}

static void entities(void)
{
    HTML("@a_ @b @c!",
         "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://h/@a&quot;b\" class=\"u-url mention\">"
         "@<span>a_</span></a></span> @b @c!</p>");
    HTML("@x@y.example", "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://h/@a&quot;b\" "
                         "class=\"u-url mention\">@<span>x</span></a></span></p>");
    HTML("#Caf\xC3\xA9", "<p><a href=\"https://p.example/tags/caf%C3%A9\" class=\"mention hashtag\" rel=\"tag\">"
                         "#<span>Caf\xC3\xA9</span></a></p>");
    HTML("https://www.example.com/abcdefghijklmnopqrstuvwxyz",
         "<p><a href=\"https://www.example.com/abcdefghijklmnopqrstuvwxyz\" target=\"_blank\" "
         "rel=\"nofollow noopener noreferrer\" translate=\"no\"><span class=\"invisible\">https://www.</span>"
         "<span class=\"ellipsis\">example.com/abcdefghijklmnopqr</span><span "
         "class=\"invisible\">stuvwxyz</span></a></p>");
    CHECK(str_eq(text_tag_url(arena, STR("https://p"), STR("a\xC3\xA9_")), STR("https://p/tags/a%C3%A9_")));
}

static void lines(void)
{
    struct text_links links = { .base_url = STR("https://p"), .is_profile = true };
    struct text_entities e = { 0 };
    struct str text = STR(" https://x\n<b> ");
    text_scan(arena, text, &e);
    CHECK(
        str_eq(text_line_to_html(arena, text, &e, &links),
               STR("<a href=\"https://x\" target=\"_blank\" rel=\"me nofollow noopener noreferrer\" translate=\"no\">"
                   "<span class=\"invisible\">https://</span><span class=\"\">x</span><span class=\"invisible\"></span>"
                   "</a> &lt;b&gt;")));
}

static void hostile(void)
{
    struct buf b = buf_on(arena);
    while (b.n < 100000)
        buf_put(&b, STR("<\n\n@a #b"));
    struct str out = html(buf_str(&b));
    CHECK(str_starts(out, STR("<p>&lt;</p><p>")) && str_ends(out, STR("</p>")));
}

int main(void)
{
    arena = arena_new();
    paragraphs();
    escapes();
    entities();
    lines();
    hostile();
    arena_free(&arena);
    return check_done();
}
