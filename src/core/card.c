/* SPDX-License-Identifier: Apache-2.0 */
#include "core/card.h"

#include <jansson.h>
#include <libxml/HTMLparser.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/jw.h"
#include "core/text.h"
#include "model/site.h"
#include "store/card.h"
#include "store/job.h"

#define NODES_MAX     20000 /* looked at */
#define LANGUAGE_ROOM 4

int64_t card_id(struct str url)
{
    int64_t id = 0;
    (void)crypto_generichash((unsigned char *)&id, sizeof id, (const unsigned char *)url.p, url.n, NULL, 0);
    return (id & INT64_MAX) | 1;
}

struct str card_link(struct arena *a, struct str text)
{
    struct text_entities e = { 0 };
    text_scan(a, text, &e);
    return text_first_url(&e);
}

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

static void read_meta(struct arena *a, xmlNode *node, struct card *graph, struct card *plain)
{
    struct str name = attribute(a, node, "property");
    struct str value = attribute(a, node, "content");
    if (name.n == 0)
        name = attribute(a, node, "name");
    if (str_eq_nocase(name, STR("og:title")))
        take(a, &graph->title, value, CARD_TITLE_MAX);
    else if (str_eq_nocase(name, STR("og:description")))
        take(a, &graph->description, value, CARD_TEXT_MAX);
    else if (str_eq_nocase(name, STR("og:site_name")))
        take(a, &graph->provider, value, CARD_TITLE_MAX);
    else if (str_eq_nocase(name, STR("description")))
        take(a, &plain->description, value, CARD_TEXT_MAX);
    else if (str_eq_nocase(name, STR("author")))
        take(a, &plain->author, value, CARD_TITLE_MAX);
}

static void read_node(struct arena *a, xmlNode *node, struct card *graph, struct card *plain)
{
    struct str name = str_c((const char *)node->name);
    if (str_eq_nocase(name, STR("meta"))) {
        read_meta(a, node, graph, plain);
    } else if (str_eq_nocase(name, STR("html"))) {
        struct str lang = attribute(a, node, "lang");
        take(a, &plain->language, str_head(lang, lang.n < 2 ? 0 : 2), LANGUAGE_ROOM);
    } else if (str_eq_nocase(name, STR("title"))) {
        xmlChar *text = xmlNodeGetContent(node);
        take(a, &plain->title, str_c((const char *)text), CARD_TITLE_MAX);
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

void card_parse(struct arena *a, struct str url, struct str html, struct card *out)
{
    struct card graph = { 0 };
    struct card plain = { 0 };
    *out = (struct card){ .url = url };
    int n = html.n > CARD_HTML_MAX ? CARD_HTML_MAX : (int)html.n;
    htmlDocPtr doc = htmlReadMemory(html.p == NULL ? "" : html.p, n, NULL, NULL,
                                    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    if (doc == NULL)
        return;
    xmlNode *node = xmlDocGetRootElement(doc);
    for (int seen = 0; node != NULL && seen < NODES_MAX; seen++) {
        if (node->type == XML_ELEMENT_NODE)
            read_node(a, node, &graph, &plain);
        node = next_node(node);
    }
    xmlFreeDoc(doc);
    out->title = graph.title.n > 0 ? graph.title : plain.title;
    out->description = graph.description.n > 0 ? graph.description : plain.description;
    out->provider = graph.provider.n > 0 ? graph.provider : host_of(url);
    out->author = plain.author;
    out->language = plain.language;
}

struct str card_json(struct arena *a, const struct card *card)
{
    struct jw w = jw_on(a);
    if (card->title.n == 0)
        return STR("");
    jw_obj(&w);
    jw_kstr(&w, STR("url"), card->url);
    jw_kstr(&w, STR("title"), card->title);
    jw_kstr(&w, STR("description"), card->description);
    jw_knull_str(&w, STR("language"), card->language.n == 2 ? card->language : (struct str){ 0 });
    jw_kstr(&w, STR("type"), STR("link"));
    jw_kstr(&w, STR("author_name"), card->author);
    jw_kstr(&w, STR("author_url"), STR(""));
    jw_kstr(&w, STR("provider_name"), card->provider);
    jw_kstr(&w, STR("provider_url"), STR(""));
    jw_kstr(&w, STR("html"), STR(""));
    jw_ki64(&w, STR("width"), 0);
    jw_ki64(&w, STR("height"), 0);
    jw_knull(&w, STR("image"));
    jw_kstr(&w, STR("image_description"), STR(""));
    jw_kstr(&w, STR("embed_url"), STR(""));
    jw_knull(&w, STR("blurhash"));
    jw_knull(&w, STR("published_at"));
    jw_karr(&w, STR("authors"));
    jw_arr_end(&w);
    jw_obj_end(&w);
    return jw_end(&w);
}

static struct str text_at(struct arena *a, const json_t *o, const char *key)
{
    const json_t *j = json_object_get(o, key);
    return arena_str(a, (struct str){ json_string_value(j), json_string_length(j) });
}

void card_read(struct arena *a, struct str json, struct card *out)
{
    json_t *o = json_loadb(json.p == NULL ? "" : json.p, json.n, 0, NULL);
    *out = (struct card){
        .url = text_at(a, o, "url"),
        .title = text_at(a, o, "title"),
        .description = text_at(a, o, "description"),
        .provider = text_at(a, o, "provider_name"),
    };
    json_decref(o);
}

enum err card_is_due(struct ctx *c, struct str url, bool *due)
{
    struct card_row *row = NULL;
    int64_t id = card_id(url);
    TRY(store_card_load(c, &id, 1, &row));
    int64_t age = row != NULL && row->json.n > 0 ? CARD_AGE_MS : CARD_RETRY_MS;
    *due = row == NULL || row->fetched_ms + age <= c->now_ms;
    return OK;
}

enum err card_want(struct ctx *c, const struct status *s)
{
    struct str url = { 0 };
    if ((s->parts & PART_LINK) == 0 || s->visibility == VIS_DIRECT || !c->site->link_cards)
        return OK;
    url = card_link(c->arena, s->text);
    return url.p == NULL ? OK : store_job_add(c, JOB_CARD_FETCH, card_id(url), url, c->now_ms);
}

enum err card_find(struct ctx *c, struct str text, struct card_row **out)
{
    struct str url = card_link(c->arena, text);
    int64_t id = url.p == NULL ? 0 : card_id(url);
    *out = NULL;
    if (id != 0)
        TRY(store_card_load(c, &id, 1, out));
    if (*out != NULL && (*out)->json.n == 0)
        *out = NULL;
    return OK;
}

enum err card_keep(struct ctx *c, struct str url, struct str json)
{
    const struct card_row row = { .id = card_id(url), .url = url, .json = json, .fetched_ms = c->now_ms };
    return store_card_put(c, &row);
}
