/* SPDX-License-Identifier: Apache-2.0 */
#include "core/card_page.h"

#include <jansson.h>
#include <libxml/HTMLparser.h>
#include <libxml/uri.h>

#include "base/buf.h"
#include "base/clock.h"

#define NODES_MAX     20000 /* looked at */
#define LANGUAGE_ROOM 4
#define DATE_MS_MAX   INT64_C(253402300800000) /* the year 10000 */

/* White space becomes single spaces; cut at a character's end. */
static struct str tidy(struct arena *a, struct str s, size_t max)
{
    struct buf b = buf_on(a);
    bool gap = false;
    for (size_t i = 0; i < s.n && b.n < max;) {
        uint32_t cp = 0;
        size_t n = str_utf8(s, i, &cp);
        if (n == 0 || cp <= 0x20 || cp == 0x7F || cp == 0xA0) {
            gap = b.n > 0;
            i += n == 0 ? 1 : n;
            continue;
        }
        if (b.n + n + 1 > max)
            break;
        if (gap)
            buf_putc(&b, ' ');
        gap = false;
        buf_put(&b, (struct str){ s.p + i, n });
        i += n;
    }
    return buf_str(&b);
}

static bool is_web(struct str url)
{
    bool ok =
        url.n > 0 && url.n <= CARD_URL_MAX && (str_starts(url, STR("http://")) || str_starts(url, STR("https://")));
    for (size_t i = 0; i < url.n && ok; i++)
        ok = url.p[i] > ' ' && url.p[i] < 0x7F;
    return ok;
}

/* Relative to the page, as browsers read it. p == NULL: not an address of the web. */
static struct str resolve(struct arena *a, struct str base, struct str at)
{
    struct str out = { 0 };
    struct str plain = tidy(a, at, CARD_URL_MAX + 1);
    if (plain.n == 0)
        return out;
    xmlChar *escaped = xmlURIEscapeStr((const xmlChar *)arena_cstr(a, plain), (const xmlChar *)";/?:@&=+$,#%[]!*'()~");
    xmlChar *whole = escaped == NULL ? NULL : xmlBuildURI(escaped, (const xmlChar *)arena_cstr(a, base));
    if (whole != NULL && is_web(str_c((const char *)whole)))
        out = arena_str(a, str_c((const char *)whole));
    xmlFree(escaped);
    xmlFree(whole);
    return out;
}

/* --- the page --- */

struct reading {
    struct arena *a;
    struct str base;
    struct card graph;      /* Open Graph */
    struct card bird;       /* twitter: */
    struct card plain;      /* what HTML itself knows */
    struct str pictures[2]; /* in that order */
    struct str oembed;
    struct str creator;
    int64_t published_ms;
};

static struct str attribute(struct arena *a, xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
    struct str out = value == NULL ? (struct str){ 0 } : arena_str(a, str_c((const char *)value));
    if (value != NULL)
        xmlFree(value);
    return out;
}

static void take(struct arena *a, struct str *to, struct str value, size_t max)
{
    if (to->n == 0)
        *to = tidy(a, value, max);
}

static void take_address(const struct reading *r, struct str *to, struct str value)
{
    if (to->n == 0)
        *to = resolve(r->a, r->base, value);
}

/* Of a page whose author is an address, only the address is known. */
static void take_author(struct reading *r, struct str value)
{
    if (str_find(value, STR("://"), &(size_t){ 0 }))
        take_address(r, &r->graph.author_url, value);
    else
        take(r->a, &r->graph.author, value, CARD_TITLE_MAX);
}

static void take_date(struct reading *r, struct str value)
{
    int64_t ms = 0;
    if (r->published_ms == 0 && clock_parse(value, &ms) && ms > 0 && ms < DATE_MS_MAX)
        r->published_ms = ms;
}

static void read_graph(struct reading *r, struct str name, struct str value)
{
    struct arena *a = r->a;
    struct card *g = &r->graph;
    if (str_eq_nocase(name, STR("title")))
        take(a, &g->title, value, CARD_TITLE_MAX);
    else if (str_eq_nocase(name, STR("description")))
        take(a, &g->description, value, CARD_TEXT_MAX);
    else if (str_eq_nocase(name, STR("site_name")))
        take(a, &g->provider, value, CARD_TITLE_MAX);
    else if (str_eq_nocase(name, STR("locale")))
        take(a, &g->language, str_head(value, value.n < 2 ? 0 : 2), LANGUAGE_ROOM);
    else if (str_eq_nocase(name, STR("image")) || str_eq_nocase(name, STR("image:url"))
             || str_eq_nocase(name, STR("image:secure_url")))
        take_address(r, &r->pictures[0], value);
    else if (str_eq_nocase(name, STR("image:alt")))
        take(a, &g->picture.description, value, CARD_TEXT_MAX);
}

static void read_bird(struct reading *r, struct str name, struct str value)
{
    struct arena *a = r->a;
    struct card *b = &r->bird;
    if (str_eq_nocase(name, STR("title")))
        take(a, &b->title, value, CARD_TITLE_MAX);
    else if (str_eq_nocase(name, STR("description")))
        take(a, &b->description, value, CARD_TEXT_MAX);
    else if (str_eq_nocase(name, STR("image")) || str_eq_nocase(name, STR("image:src")))
        take_address(r, &r->pictures[1], value);
    else if (str_eq_nocase(name, STR("image:alt")))
        take(a, &b->picture.description, value, CARD_TEXT_MAX);
}

static void read_meta(struct reading *r, xmlNode *node)
{
    struct str name = attribute(r->a, node, "property");
    struct str value = attribute(r->a, node, "content");
    if (name.n == 0)
        name = attribute(r->a, node, "name");
    if (str_starts(name, STR("og:")))
        read_graph(r, str_skip(name, 3), value);
    else if (str_starts(name, STR("twitter:")))
        read_bird(r, str_skip(name, 8), value);
    else if (str_eq_nocase(name, STR("article:published_time")))
        take_date(r, value);
    else if (str_eq_nocase(name, STR("article:author")))
        take_author(r, value);
    else if (str_eq_nocase(name, STR("fediverse:creator")))
        take(r->a, &r->creator, value, CARD_TITLE_MAX);
    else if (str_eq_nocase(name, STR("description")))
        take(r->a, &r->plain.description, value, CARD_TEXT_MAX);
    else if (str_eq_nocase(name, STR("author")))
        take(r->a, &r->plain.author, value, CARD_TITLE_MAX);
}

static void read_link(struct reading *r, xmlNode *node)
{
    if (r->oembed.n == 0 && str_eq_nocase(attribute(r->a, node, "rel"), STR("alternate"))
        && str_eq_nocase(attribute(r->a, node, "type"), STR("application/json+oembed")))
        r->oembed = resolve(r->a, r->base, attribute(r->a, node, "href"));
}

static void read_node(struct reading *r, xmlNode *node)
{
    struct str name = str_c((const char *)node->name);
    if (str_eq_nocase(name, STR("meta"))) {
        read_meta(r, node);
    } else if (str_eq_nocase(name, STR("link"))) {
        read_link(r, node);
    } else if (str_eq_nocase(name, STR("html"))) {
        struct str lang = attribute(r->a, node, "lang");
        take(r->a, &r->plain.language, str_head(lang, lang.n < 2 ? 0 : 2), LANGUAGE_ROOM);
    } else if (str_eq_nocase(name, STR("title"))) {
        xmlChar *text = xmlNodeGetContent(node);
        take(r->a, &r->plain.title, str_c((const char *)text), CARD_TITLE_MAX);
        xmlFree(text);
    }
}

/* In the order of the page, without recursion. */
static xmlNode *next_node(xmlNode *node)
{
    if (node->children != NULL && node->type == XML_ELEMENT_NODE)
        return node->children;
    while (node != NULL && node->next == NULL)
        node = node->parent;
    return node == NULL ? NULL : node->next;
}

static struct str host_of(struct str url)
{
    size_t at = 0;
    struct str rest = str_find(url, STR("://"), &at) ? str_skip(url, at + 3) : url;
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] == '/' || rest.p[i] == '?' || rest.p[i] == '#')
            return str_head(rest, i);
    return rest;
}

static struct str first_of(struct str x, struct str y, struct str z)
{
    return x.n > 0 ? x : y.n > 0 ? y : z;
}

void card_parse(struct arena *a, struct str url, struct str base, struct str html, struct card *out,
                struct card_leads *leads)
{
    struct reading r = { .a = a, .base = base };
    const struct str none = { 0 };
    int n = html.n > CARD_HTML_MAX ? CARD_HTML_MAX : (int)html.n;
    htmlDocPtr doc = htmlReadMemory(html.p == NULL ? "" : html.p, n, NULL, NULL,
                                    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    *out = (struct card){ .url = url };
    *leads = (struct card_leads){ 0 };
    if (doc == NULL)
        return;
    xmlNode *node = xmlDocGetRootElement(doc);
    for (int seen = 0; node != NULL && seen < NODES_MAX; seen++) {
        if (node->type == XML_ELEMENT_NODE)
            read_node(&r, node);
        node = next_node(node);
    }
    xmlFreeDoc(doc);
    out->title = first_of(r.graph.title, r.bird.title, r.plain.title);
    out->description = first_of(r.graph.description, r.bird.description, r.plain.description);
    out->provider = first_of(r.graph.provider, host_of(url), none);
    out->author = first_of(r.graph.author, r.plain.author, none);
    out->author_url = r.graph.author_url;
    out->language = first_of(r.plain.language, r.graph.language, none);
    out->published_ms = r.published_ms;
    out->picture.description = first_of(r.graph.picture.description, r.bird.picture.description, none);
    leads->picture = first_of(r.pictures[0], r.pictures[1], none);
    leads->oembed = r.oembed;
    leads->creator = r.creator;
    leads->host = host_of(base);
}

/* --- oEmbed --- */

static struct str text_at(const json_t *o, const char *key)
{
    const json_t *j = json_object_get(o, key);
    return (struct str){ json_string_value(j), json_string_length(j) };
}

static void prefer(struct str *to, struct str value)
{
    if (value.n > 0)
        *to = value;
}

bool card_parse_oembed(struct arena *a, struct str base, struct str json, struct card *card, struct card_leads *leads)
{
    json_t *o = json_loadb(json.p == NULL ? "" : json.p, json.n > CARD_OEMBED_MAX ? CARD_OEMBED_MAX : json.n, 0, NULL);
    bool known = json_is_object(o);
    struct str photo = { 0 };
    if (known) {
        struct str author_url = resolve(a, base, text_at(o, "author_url"));
        struct str author = tidy(a, text_at(o, "author_name"), CARD_TITLE_MAX);
        prefer(&card->title, tidy(a, text_at(o, "title"), CARD_TITLE_MAX));
        if (author.n > 0)
            card->author_url = author_url; /* the page may have meant another */
        prefer(&card->author, author);
        prefer(&card->provider, tidy(a, text_at(o, "provider_name"), CARD_TITLE_MAX));
        prefer(&card->provider_url, resolve(a, base, text_at(o, "provider_url")));
        if (str_eq(text_at(o, "type"), STR("photo")))
            photo = resolve(a, base, text_at(o, "url"));
        card->is_photo = photo.n > 0;
        if (leads->picture.n == 0)
            leads->picture = resolve(a, base, text_at(o, "thumbnail_url"));
        prefer(&leads->picture, photo);
    }
    json_decref(o);
    return known;
}
