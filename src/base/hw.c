/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hw.h"

#include <assert.h>

static const char *const void_tags[] = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
};
static const char *const url_attrs[] = {
    "action", "cite", "data", "formaction", "href", "ping", "poster", "src",
};

#define IN_TABLE(table, name) in_table(table, sizeof(table) / sizeof(table)[0], name)

static bool in_table(const char *const *table, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i], name) == 0)
            return true;
    return false;
}

struct hw hw_on(struct arena *a)
{
    return (struct hw){ .b = buf_on(a) };
}

struct hw hw_xml_on(struct arena *a)
{
    return (struct hw){ .b = buf_on(a), .xml = true };
}

static bool name_ok(const struct hw *w, const char *name)
{
    for (const char *p = name; *p != '\0'; p++) {
        bool small = *p >= 'a' && *p <= 'z';
        bool later = p > name && ((*p >= '0' && *p <= '9') || *p == '-' || (w->xml && *p == ':'));
        if (!small && !later && !(w->xml && *p >= 'A' && *p <= 'Z'))
            return false;
    }
    return name[0] != '\0';
}

static bool top_is(const struct hw *w, const char *tag)
{
    return w->depth > 0 && strcmp(w->stack[w->depth - 1], tag) == 0;
}

/* Ends the tag that waits for attributes. A parser drops the first line feed in pre and textarea, so one is given to
 * it. */
static void settle(struct hw *w)
{
    if (!w->in_tag)
        return;
    w->in_tag = false;
    buf_put(&w->b, w->xml && w->is_void ? STR("/>") : STR(">"));
    if (!w->xml && !w->is_void && (top_is(w, "pre") || top_is(w, "textarea")))
        buf_putc(&w->b, '\n');
}

void hw_doctype(struct hw *w)
{
    assert(w->b.n == 0);
    buf_put(&w->b, w->xml ? STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n") : STR("<!doctype html>\n"));
}

static void start_tag(struct hw *w, const char *tag, bool is_void)
{
    assert(name_ok(w, tag));
    assert(w->xml || IN_TABLE(void_tags, tag) == is_void);
    settle(w);
    w->tag_from = w->b.n;
    buf_putc(&w->b, '<');
    buf_put(&w->b, str_c(tag));
    w->in_tag = true;
    w->is_void = is_void;
}

void hw_open(struct hw *w, const char *tag)
{
    start_tag(w, tag, false);
    assert(w->depth < HW_DEPTH_MAX);
    w->stack[w->depth++] = tag;
}

void hw_void(struct hw *w, const char *tag)
{
    start_tag(w, tag, true);
}

void hw_close(struct hw *w, const char *tag)
{
    settle(w);
    assert(top_is(w, tag));
    w->depth--;
    buf_put(&w->b, STR("</"));
    buf_put(&w->b, str_c(tag));
    buf_putc(&w->b, '>');
}

/* Quotes are escaped in values, so ` name="` is found only where an attribute begins. */
static void attr_start(struct hw *w, const char *name)
{
    size_t at = 0;
    size_t from = w->b.n;

    assert(w->in_tag && name_ok(w, name));
    buf_putc(&w->b, ' ');
    buf_put(&w->b, str_c(name));
    buf_put(&w->b, STR("=\""));
    struct str lead = { w->b.p + from, w->b.n - from };
    struct str before = { w->b.p + w->tag_from, from - w->tag_from };
    assert(!str_find(before, lead, &at));
}

void hw_attr(struct hw *w, const char *name, struct str value)
{
    assert(w->xml || (!str_starts(str_c(name), STR("on")) && strcmp(name, "srcdoc") != 0));
    attr_start(w, name);
    hw_escape(&w->b, IN_TABLE(url_attrs, name) && !hw_url_ok(value) ? STR("#") : value);
    buf_putc(&w->b, '"');
}

void hw_attr_i64(struct hw *w, const char *name, int64_t value)
{
    attr_start(w, name);
    buf_i64(&w->b, value);
    buf_putc(&w->b, '"');
}

void hw_flag(struct hw *w, const char *name, bool on)
{
    if (!on)
        return;
    attr_start(w, name);
    buf_putc(&w->b, '"');
}

void hw_text(struct hw *w, struct str s)
{
    assert(w->xml || (!top_is(w, "script") && !top_is(w, "style")));
    settle(w);
    hw_escape(&w->b, s);
}

void hw_i64(struct hw *w, int64_t v)
{
    settle(w);
    buf_i64(&w->b, v);
}

void hw_raw(struct hw *w, struct str html)
{
    settle(w);
    buf_put(&w->b, html);
}

struct str hw_end(struct hw *w)
{
    settle(w);
    assert(w->depth == 0);
    return buf_str(&w->b);
}

void hw_open_class(struct hw *w, const char *tag, struct str class_name)
{
    hw_open(w, tag);
    hw_attr(w, "class", class_name);
}

void hw_el(struct hw *w, const char *tag, struct str text)
{
    hw_open(w, tag);
    hw_text(w, text);
    hw_close(w, tag);
}

void hw_el_class(struct hw *w, const char *tag, struct str class_name, struct str text)
{
    hw_open_class(w, tag, class_name);
    hw_text(w, text);
    hw_close(w, tag);
}

void hw_link(struct hw *w, struct str href, struct str text)
{
    hw_open(w, "a");
    hw_attr(w, "href", href);
    hw_text(w, text);
    hw_close(w, "a");
}

/* What to write in place of the byte; {NULL, 0}: the byte itself. */
static struct str entity(unsigned char ch)
{
    switch (ch) {
    case '&': return STR("&amp;");
    case '<': return STR("&lt;");
    case '>': return STR("&gt;");
    case '"': return STR("&quot;");
    case '\'': return STR("&#39;");
    case '\t':
    case '\n':
    case '\r': return (struct str){ NULL, 0 };
    default: return ch < 0x20 || ch == 0x7F ? STR("\xEF\xBF\xBD") : (struct str){ NULL, 0 };
    }
}

void hw_escape(struct buf *b, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        unsigned char ch = (unsigned char)s.p[i];
        uint32_t cp = 0;
        size_t step = ch < 0x80 ? 1 : str_utf8(s, i, &cp);
        /* U+0080..9F are controls, U+FFFE/F are no characters: neither may stand in HTML or XML */
        bool bad = step == 0 || (cp >= 0x80 && cp < 0xA0) || (cp & 0xFFFE) == 0xFFFE;
        struct str with = bad ? STR("\xEF\xBF\xBD") : ch < 0x80 ? entity(ch) : (struct str){ NULL, 0 };
        if (step == 0)
            step = 1;
        if (with.p != NULL) {
            buf_put(b, (struct str){ s.p + from, i - from });
            buf_put(b, with);
            from = i + step;
        }
        i += step;
    }
    if (s.n > from)
        buf_put(b, (struct str){ s.p + from, s.n - from });
}

bool hw_url_ok(struct str url)
{
    size_t scheme = url.n;
    for (size_t i = 0; i < url.n; i++) {
        unsigned char ch = (unsigned char)url.p[i];
        if (ch < 0x20 || ch == 0x7F || (i == 0 && ch == ' '))
            return false;
        if (scheme == url.n && (ch == ':' || ch == '/' || ch == '?' || ch == '#'))
            scheme = i;
    }
    if (scheme == url.n || url.p[scheme] != ':')
        return true;
    struct str name = str_head(url, scheme);
    return str_eq_nocase(name, STR("https")) || str_eq_nocase(name, STR("http")) || str_eq_nocase(name, STR("mailto"))
           || str_eq_nocase(name, STR("otpauth")); /* opens an authenticator */
}
