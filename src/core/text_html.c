/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text_html.h"

#include "base/buf.h"
#include "base/hw.h"

#define SHOWN_CHARS 30 /* of an address, behind its scheme */

struct render {
    struct buf b;
    struct str text;
    const struct text_entities *e;
    const struct text_links *links;
    size_t mention, tag, url; /* the next of each */
    bool line;
};

/* ASCII letters, digits and -._~ stay (RFC 3986, 2.3). */
static void put_percent(struct buf *b, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool plain = (ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z')
                     || (ch != '\0' && strchr("-._~", ch) != NULL);
        if (plain) {
            buf_putc(b, (char)ch);
            continue;
        }
        buf_putc(b, '%');
        buf_putc(b, hex[ch >> 4]);
        buf_putc(b, hex[ch & 15]);
    }
}

struct str text_tag_url(struct arena *a, struct str base_url, struct str key)
{
    struct buf b = buf_on(a);
    buf_put(&b, base_url);
    buf_put(&b, STR("/tags/"));
    put_percent(&b, key);
    return buf_str(&b);
}

static bool is_break(char ch)
{
    return ch == '\n' || ch == '\r';
}

/* A run of white space that begins with a line end, to its end: one line end or, with a blank line, a new paragraph. */
static size_t put_break(struct render *r, size_t at, size_t to)
{
    size_t lines = 0;
    for (; at < to && (is_break(r->text.p[at]) || r->text.p[at] == ' ' || r->text.p[at] == '\t'); at++)
        if (r->text.p[at] == '\n' || (r->text.p[at] == '\r' && (at + 1 == to || r->text.p[at + 1] != '\n')))
            lines++;
    buf_put(&r->b, r->line ? STR(" ") : lines > 1 ? STR("</p><p>") : STR("<br>"));
    return at;
}

static void put_plain(struct render *r, size_t from, size_t to)
{
    while (from < to) {
        size_t end = from;
        while (end < to && !is_break(r->text.p[end]))
            end++;
        hw_escape(&r->b, (struct str){ r->text.p + from, end - from });
        from = end < to ? put_break(r, end, to) : to;
    }
}

static void put_mention(struct render *r, const struct text_mention *m, size_t index)
{
    const struct text_links *l = r->links;
    struct str href = index < l->mention_hrefs_n ? l->mention_hrefs[index] : (struct str){ NULL, 0 };
    if (href.n == 0 || !hw_url_ok(href)) {
        hw_escape(&r->b, (struct str){ r->text.p + m->at, m->n });
        return;
    }
    buf_put(&r->b, STR("<span class=\"h-card\" translate=\"no\"><a href=\""));
    hw_escape(&r->b, href);
    buf_put(&r->b, STR("\" class=\"u-url mention\">@<span>"));
    buf_put(&r->b, m->user);
    buf_put(&r->b, STR("</span></a></span>"));
}

static void put_tag(struct render *r, const struct text_tag *t)
{
    buf_put(&r->b, STR("<a href=\""));
    hw_escape(&r->b, r->links->base_url);
    buf_put(&r->b, STR("/tags/"));
    put_percent(&r->b, t->key);
    buf_put(&r->b, STR("\" class=\"mention hashtag\" rel=\"tag\">#<span>"));
    hw_escape(&r->b, t->name);
    buf_put(&r->b, STR("</span></a>"));
}

/* Bytes of the first SHOWN_CHARS characters. */
static size_t shown_bytes(struct str s)
{
    size_t chars = 0;
    size_t i = 0;
    for (; i < s.n; i++)
        if (((unsigned char)s.p[i] & 0xC0) != 0x80 && ++chars > SHOWN_CHARS)
            break;
    return i;
}

static void put_url(struct render *r, struct str url)
{
    size_t scheme = 0;
    (void)str_find(url, STR("://"), &scheme);
    scheme += 3;
    if (str_eq_nocase(str_head(str_skip(url, scheme), 4), STR("www.")))
        scheme += 4;
    struct str rest = str_skip(url, scheme);
    size_t shown = shown_bytes(rest);
    buf_put(&r->b, STR("<a href=\""));
    hw_escape(&r->b, url);
    buf_put(&r->b, r->links->is_profile ? STR("\" target=\"_blank\" rel=\"me nofollow noopener noreferrer\"")
                                        : STR("\" target=\"_blank\" rel=\"nofollow noopener noreferrer\""));
    buf_put(&r->b, STR(" translate=\"no\"><span class=\"invisible\">"));
    hw_escape(&r->b, str_head(url, scheme));
    buf_put(&r->b, shown < rest.n ? STR("</span><span class=\"ellipsis\">") : STR("</span><span class=\"\">"));
    hw_escape(&r->b, str_head(rest, shown));
    buf_put(&r->b, STR("</span><span class=\"invisible\">"));
    hw_escape(&r->b, str_skip(rest, shown));
    buf_put(&r->b, STR("</span></a>"));
}

/* Writes the next entity, and the text before it from *from on; false when none is left. */
static bool put_next(struct render *r, size_t *from)
{
    const struct text_entities *e = r->e;
    size_t m = r->mention < e->mentions_n ? e->mentions[r->mention].at : SIZE_MAX;
    size_t t = r->tag < e->tags_n ? e->tags[r->tag].at : SIZE_MAX;
    size_t u = r->url < e->urls_n ? e->urls[r->url].at : SIZE_MAX;
    size_t first = m < t ? (m < u ? m : u) : (t < u ? t : u);
    if (first == SIZE_MAX)
        return false;
    put_plain(r, *from, first);
    if (first == m) {
        put_mention(r, &e->mentions[r->mention], r->mention);
        *from = first + e->mentions[r->mention++].n;
    } else if (first == t) {
        put_tag(r, &e->tags[r->tag]);
        *from = first + e->tags[r->tag++].n;
    } else {
        put_url(r, e->urls[r->url].url);
        *from = first + e->urls[r->url++].n;
    }
    return true;
}

static struct str render(struct render *r)
{
    struct str body = str_trim(r->text);
    if (body.n == 0)
        return STR("");
    size_t from = (size_t)(body.p - r->text.p);
    size_t to = from + body.n;
    (void)buf_reserve(&r->b, body.n * 2 + 256);
    if (!r->line)
        buf_put(&r->b, STR("<p>"));
    while (put_next(r, &from))
        continue;
    put_plain(r, from, to);
    if (!r->line)
        buf_put(&r->b, STR("</p>"));
    return buf_str(&r->b);
}

struct str text_to_html(struct arena *a, struct str text, const struct text_entities *e, const struct text_links *links)
{
    struct render r = { .b = buf_on(a), .text = text, .e = e, .links = links };
    return render(&r);
}

struct str text_line_to_html(struct arena *a, struct str text, const struct text_entities *e,
                             const struct text_links *links)
{
    struct render r = { .b = buf_on(a), .text = text, .e = e, .links = links, .line = true };
    return render(&r);
}
