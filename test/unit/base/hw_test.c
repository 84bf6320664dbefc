/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hw.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static struct arena *arena;

static void elements(void)
{
    struct hw w = hw_on(arena);
    hw_doctype(&w);
    hw_open(&w, "p");
    hw_attr(&w, "class", STR("a \"b\" <c>"));
    hw_text(&w, STR("1 < 2 & 'x'"));
    hw_void(&w, "br");
    hw_void(&w, "input");
    hw_attr_i64(&w, "size", -3);
    hw_flag(&w, "checked", true);
    hw_flag(&w, "disabled", false);
    hw_i64(&w, 42);
    hw_raw(&w, STR("<b>x</b>"));
    hw_close(&w, "p");
    CHECK(
        str_eq(hw_end(&w), STR("<!doctype html>\n<p class=\"a &quot;b&quot; &lt;c&gt;\">1 &lt; 2 &amp; &#39;x&#39;<br>"
                               "<input size=\"-3\" checked=\"\">42<b>x</b></p>")));
}

static void conveniences(void)
{
    struct hw w = hw_on(arena);
    hw_el(&w, "h1", STR("T"));
    hw_el_class(&w, "b", STR("k"), STR(""));
    hw_link(&w, STR("/a?b=1&c=2"), STR("go"));
    hw_el(&w, "textarea", STR("\nkept"));
    CHECK(str_eq(hw_end(&w), STR("<h1>T</h1><b class=\"k\"></b><a href=\"/a?b=1&amp;c=2\">go</a>"
                                 "<textarea>\n\nkept</textarea>")));
}

static void xml(void)
{
    struct hw w = hw_xml_on(arena);
    hw_doctype(&w);
    hw_open(&w, "feed");
    hw_attr(&w, "xmlns:activity", STR("http://x/"));
    hw_void(&w, "link");
    hw_attr(&w, "href", STR("https://x/"));
    hw_el(&w, "activity:objectType", STR("a\x01"));
    hw_close(&w, "feed");
    CHECK(str_eq(hw_end(&w),
                 STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns:activity=\"http://x/\">"
                     "<link href=\"https://x/\"/><activity:objectType>a\xEF\xBF\xBD</activity:objectType></feed>")));
}

static struct str escaped(struct str s)
{
    struct buf b = buf_on(arena);
    hw_escape(&b, s);
    return buf_str(&b);
}

static void escaping(void)
{
    CHECK(escaped(STR("")).n == 0);
    CHECK(str_eq(escaped(STR("</script>")), STR("&lt;/script&gt;")));
    CHECK(str_eq(escaped(STR("a\nb\tc")), STR("a\nb\tc")));
    CHECK(str_eq(escaped(STR("z\0z\x7F")), STR("z\xEF\xBF\xBDz\xEF\xBF\xBD")));
    CHECK(str_eq(escaped(STR("\xC3\xA9\xF0\x9F\x98\x80")), STR("\xC3\xA9\xF0\x9F\x98\x80")));
    CHECK(str_eq(escaped(STR("\xC3")), STR("\xEF\xBF\xBD")));                                   /* cut short */
    CHECK(str_eq(escaped(STR("\xC0\xBC")), STR("\xEF\xBF\xBD\xEF\xBF\xBD")));                   /* overlong '<' */
    CHECK(str_eq(escaped(STR("\xED\xA0\x80x")), STR("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx"))); /* surrogate */
    CHECK(str_eq(escaped(STR("\xC2\x85")), STR("\xEF\xBF\xBD")));                               /* C1 control */
    CHECK(str_eq(escaped(STR("\xEF\xBF\xBF")), STR("\xEF\xBF\xBD")));                           /* no character */
}

static void addresses(void)
{
    CHECK(hw_url_ok(STR("https://x/")));
    CHECK(hw_url_ok(STR("HTTP://x/")));
    CHECK(hw_url_ok(STR("mailto:a@b.c")));
    CHECK(hw_url_ok(STR("otpauth://totp/x?secret=A")));
    CHECK(hw_url_ok(STR("/path?x=javascript:1")));
    CHECK(hw_url_ok(STR("")));
    CHECK(hw_url_ok(STR("name/with:colon")));
    CHECK(!hw_url_ok(STR("javascript:alert(1)")));
    CHECK(!hw_url_ok(STR("JaVaScRiPt:alert(1)")));
    CHECK(!hw_url_ok(STR("java\tscript:alert(1)")));
    CHECK(!hw_url_ok(STR(" javascript:alert(1)")));
    CHECK(!hw_url_ok(STR("\x01javascript:alert(1)")));
    CHECK(!hw_url_ok(STR("data:text/html,x")));
    CHECK(!hw_url_ok(STR("vbscript:x")));
    struct hw w = hw_on(arena);
    hw_link(&w, STR("javascript:alert(1)"), STR("x"));
    CHECK(str_eq(hw_end(&w), STR("<a href=\"#\">x</a>")));
}

static void wrong_close(struct hw *w)
{
    hw_open(w, "b");
    hw_close(w, "i");
}
static void left_open(struct hw *w)
{
    hw_open(w, "b");
    (void)hw_end(w);
}
static void late_attr(struct hw *w)
{
    hw_open(w, "b");
    hw_text(w, STR("x"));
    hw_attr(w, "class", STR("y"));
}
static void twice(struct hw *w)
{
    hw_open(w, "b");
    hw_attr(w, "class", STR("y"));
    hw_attr(w, "class", STR("z"));
}
static void handler(struct hw *w)
{
    hw_open(w, "b");
    hw_attr(w, "onclick", STR("y"));
}
static void bad_name(struct hw *w)
{
    hw_open(w, "b onclick=x");
}
static void void_content(struct hw *w)
{
    hw_open(w, "br");
}
static void script_text(struct hw *w)
{
    hw_open(w, "script");
    hw_text(w, STR("x"));
}
static void fine(struct hw *w)
{
    hw_el(w, "b", STR("x"));
}

static bool aborts(void (*wrong)(struct hw *))
{
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit none = { 0 };
        (void)setrlimit(RLIMIT_CORE, &none);
        (void)close(STDERR_FILENO);
        struct hw w = hw_on(arena);
        wrong(&w);
        _exit(0);
    }
    int how = 0;
    return waitpid(pid, &how, 0) == pid && WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT;
}

static void asserts(void)
{
    CHECK(aborts(wrong_close));
    CHECK(aborts(left_open));
    CHECK(aborts(late_attr));
    CHECK(aborts(twice));
    CHECK(aborts(handler));
    CHECK(aborts(bad_name));
    CHECK(aborts(void_content));
    CHECK(aborts(script_text));
    CHECK(!aborts(fine));
}

int main(void)
{
    arena = arena_new();
    elements();
    conveniences();
    xml();
    escaping();
    addresses();
    asserts();
    arena_free(&arena);
    return check_done();
}
