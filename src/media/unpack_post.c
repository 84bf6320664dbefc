/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <jansson.h>
#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "media/unpack.h"

/* From what others wrote to {"id","ms","text","spoiler","sensitive","visibility","language","parent","files"}. */

#define X_EPOCH_MS  INT64_C(1288834974657) /* of the ids that hold their time, since November 2010 */
#define X_FIRST_ID  INT64_C(29000000000)
#define DEPTH_MAX   100 /* of HTML */
#define OPTIONS_MAX 20

/* --- HTML --- */

static void end_line(struct buf *b, int lines)
{
    int have = 0;
    while (b->n > 0 && b->p[b->n - 1] == ' ')
        b->n--;
    for (size_t i = b->n; i > 0 && b->p[i - 1] == '\n'; i--)
        have++;
    for (; b->n > 0 && have < lines; have++)
        buf_putc(b, '\n');
}

static bool has_word(const xmlNode *n, const char *word)
{
    xmlChar *is = xmlGetProp((xmlNode *)(uintptr_t)n, (const xmlChar *)"class");
    bool found = is != NULL && strstr((const char *)is, word) != NULL;
    xmlFree(is);
    return found;
}

static bool is_named(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

/* The address instead of what is shown of it, which may be cut; names and tags are as they read. */
static bool put_link(struct buf *b, const xmlNode *n)
{
    bool is_name = has_word(n, "mention") || has_word(n, "hashtag");
    xmlChar *href = is_name ? NULL : xmlGetProp((xmlNode *)(uintptr_t)n, (const xmlChar *)"href");
    bool found = href != NULL && strncmp((const char *)href, "http", 4) == 0;
    if (found)
        buf_put(b, str_c((const char *)href));
    xmlFree(href);
    return found;
}

static void put_text(struct buf *b, const char *s)
{
    for (; *s != '\0'; s++)
        buf_putc(b, *s == '\n' || *s == '\r' || *s == '\t' ? ' ' : *s);
}

static void put_nodes(struct buf *b, const xmlNode *n, int depth)
{
    for (; n != NULL && depth < DEPTH_MAX && b->n < 2 * UNPACK_TEXT_MAX; n = n->next) {
        if (n->type == XML_TEXT_NODE && n->content != NULL)
            put_text(b, (const char *)n->content);
        if (n->type != XML_ELEMENT_NODE || is_named(n, "script") || is_named(n, "style"))
            continue;
        if (is_named(n, "br"))
            buf_putc(b, '\n');
        if (is_named(n, "a") && put_link(b, n))
            continue;
        if (is_named(n, "p") || is_named(n, "blockquote") || is_named(n, "pre") || is_named(n, "ul")
            || is_named(n, "ol"))
            end_line(b, 2);
        if (is_named(n, "li")) {
            end_line(b, 1);
            buf_put(b, STR("- "));
        }
        put_nodes(b, n->children, depth + 1);
        if (is_named(n, "p") || is_named(n, "blockquote"))
            end_line(b, 2);
    }
}

static struct str text_of_html(struct arena *a, const char *html)
{
    struct buf b = buf_on(a);
    htmlDocPtr doc = htmlReadMemory(html, (int)strlen(html), NULL, "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    if (doc != NULL)
        put_nodes(&b, xmlDocGetRootElement(doc), 0);
    xmlFreeDoc(doc);
    return str_trim(buf_str(&b));
}

char *unpack_html(const char *html)
{
    struct arena *a = arena_new();
    struct str s = text_of_html(a, html);
    char *out = strndup(s.n == 0 ? "" : s.p, s.n);
    arena_free(&a);
    return out;
}

/* --- both --- */

static const char *text_at(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s == NULL ? "" : s;
}

static json_t *string_of(struct str s)
{
    if (s.n > UNPACK_TEXT_MAX)
        s.n = UNPACK_TEXT_MAX;
    for (int i = 0; i < 4 && s.n > 0 && !str_is_utf8(s); i++)
        s.n--; /* cut within a letter */
    json_t *v = json_stringn(s.n == 0 ? "" : s.p, s.n);
    return v == NULL ? json_string("") : v;
}

static json_t *key_of(const char *p, size_t n)
{
    char hex[17];
    (void)snprintf(hex, sizeof hex, "%016" PRIx64, str_hash((struct str){ p, n }));
    return json_string(hex);
}

static json_t *file_of(const char *description)
{
    json_t *f = json_object();
    (void)json_object_set_new(f, "keys", json_array());
    (void)json_object_set_new(f, "description", string_of(str_c(description)));
    return f;
}

static char *written(json_t *post)
{
    char *out = json_dumps(post, JSON_COMPACT);
    json_decref(post);
    return out;
}

/* --- Mastodon and its kin --- */

static bool names(const json_t *list, const char *tail)
{
    size_t tail_n = strlen(tail);
    size_t n = json_is_array(list) ? json_array_size(list) : 1;
    for (size_t i = 0; i < n; i++) {
        const char *s = json_string_value(json_is_array(list) ? json_array_get(list, i) : list);
        size_t s_n = s == NULL ? 0 : strlen(s);
        if (s_n >= tail_n && strcmp(s + s_n - tail_n, tail) == 0)
            return true;
    }
    return false;
}

/* enum visibility; -1: direct */
static int reach_of(const json_t *note)
{
    const json_t *to = json_object_get(note, "to");
    const json_t *cc = json_object_get(note, "cc");
    if (names(to, "#Public") || names(to, "as:Public"))
        return 0;
    if (names(cc, "#Public") || names(cc, "as:Public"))
        return 1;
    return names(to, "/followers") ? 2 : -1;
}

static void add_files(const json_t *note, json_t *files)
{
    const json_t *all = json_object_get(note, "attachment");
    size_t n = json_array_size(all);
    for (size_t i = 0; i < n && i < 32; i++) {
        const char *url = text_at(json_array_get(all, i), "url");
        const char *tail = strstr(url, "media_attachments/");
        if (tail == NULL)
            continue;
        json_t *f = file_of(text_at(json_array_get(all, i), "name"));
        (void)json_array_append_new(json_object_get(f, "keys"), key_of(tail, strcspn(tail, "?#")));
        (void)json_array_append_new(files, f);
    }
}

static void add_options(struct buf *b, const json_t *note, const char *key)
{
    const json_t *all = json_object_get(note, key);
    for (size_t i = 0; i < json_array_size(all) && i < OPTIONS_MAX; i++) {
        const json_t *o = json_array_get(all, i);
        json_int_t votes = json_integer_value(json_object_get(json_object_get(o, "replies"), "totalItems"));
        buf_printf(b, "%s- %s (%lld)", i == 0 ? "\n\n" : "\n", text_at(o, "name"), (long long)votes);
    }
}

/* A name of elsewhere keeps its server: here it would be somebody else's. */
static struct str with_servers(struct arena *a, struct str text, const json_t *note)
{
    const json_t *tags = json_object_get(note, "tag");
    for (size_t i = 0; i < json_array_size(tags) && i < 64; i++) {
        const json_t *t = json_array_get(tags, i);
        struct str full = str_c(text_at(t, "name"));
        struct buf b = buf_on(a);
        size_t at = 0;
        size_t name_n = 0;
        if (strcmp(text_at(t, "type"), "Mention") != 0 || full.n < 3 || full.p[0] != '@')
            continue;
        while (name_n + 1 < full.n && full.p[name_n + 1] != '@')
            name_n++;
        struct str name = str_head(full, name_n + 1);
        if (name.n == full.n || str_find(text, full, &at) || !str_find(text, name, &at))
            continue;
        buf_put(&b, str_head(text, at));
        buf_put(&b, full);
        buf_put(&b, str_skip(text, at + name.n));
        text = buf_str(&b);
    }
    return text;
}

static struct str note_text(struct arena *a, const json_t *note)
{
    const json_t *source = json_object_get(note, "source");
    struct buf b = buf_on(a);
    if (strcmp(text_at(source, "mediaType"), "text/plain") == 0)
        buf_put(&b, str_c(text_at(source, "content")));
    else
        buf_put(&b, with_servers(a, text_of_html(a, text_at(note, "content")), note));
    add_options(&b, note, "oneOf");
    add_options(&b, note, "anyOf");
    return str_trim(buf_str(&b));
}

static json_t *language_of(const json_t *note)
{
    const char *key = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)json_object_get(note, "contentMap")));
    return json_string(key == NULL ? "" : key);
}

static json_t *post_of_note(struct arena *a, const json_t *note, int64_t *ms)
{
    const char *id = text_at(note, "id");
    const char *type = text_at(note, "type");
    int reach = reach_of(note);
    if (*id == '\0' || reach < 0 || !clock_parse(str_c(text_at(note, "published")), ms)
        || (strcmp(type, "Note") != 0 && strcmp(type, "Question") != 0 && strcmp(type, "Article") != 0))
        return NULL;
    json_t *post = json_object();
    json_t *files = json_array();
    add_files(note, files);
    (void)json_object_set_new(post, "id", string_of(str_c(id)));
    (void)json_object_set_new(post, "ms", json_integer(*ms));
    (void)json_object_set_new(post, "text", string_of(note_text(a, note)));
    (void)json_object_set_new(post, "spoiler", string_of(str_c(text_at(note, "summary"))));
    (void)json_object_set_new(post, "sensitive", json_boolean(json_is_true(json_object_get(note, "sensitive"))));
    (void)json_object_set_new(post, "visibility", json_integer(reach));
    (void)json_object_set_new(post, "language", language_of(note));
    (void)json_object_set_new(post, "parent", string_of(str_c(text_at(note, "inReplyTo"))));
    (void)json_object_set_new(post, "files", files);
    return post;
}

char *unpack_note(const char *item, size_t n, int64_t *ms)
{
    struct arena *a = arena_new();
    json_t *o = json_loadb(item, n, JSON_REJECT_DUPLICATES, NULL);
    json_t *post = NULL;
    if (o != NULL && strcmp(text_at(o, "type"), "Create") == 0)
        post = post_of_note(a, json_object_get(o, "object"), ms);
    char *out = post == NULL ? NULL : written(post);
    json_decref(o);
    arena_free(&a);
    return out;
}

/* --- X --- */

/* "Wed Oct 10 20:19:24 +0000 2018"; their ids hold the millisecond, which keeps a thread in its order. */
static bool tweet_time(const json_t *t, int64_t *ms)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char month[4] = { 0 };
    char iso[96];
    int day = 0;
    int h = 0;
    int m = 0;
    int s = 0;
    int year = 0;
    int64_t id = 0;
    /* NOLINTNEXTLINE(cert-err34-c): what is out of range is no date, says clock_parse */
    if (sscanf(text_at(t, "created_at"), "%*3s %3s %2d %2d:%2d:%2d +0000 %4d", month, &day, &h, &m, &s, &year) != 6)
        return false;
    const char *at = strlen(month) == 3 ? strstr(months, month) : NULL;
    if (at == NULL || day < 0 || h < 0 || m < 0 || s < 0 || year < 0)
        return false;
    (void)snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, (int)((at - months) / 3) + 1, day, h, m, s);
    if (!clock_parse(str_c(iso), ms))
        return false;
    if (str_to_i64(str_c(text_at(t, "id_str")), &id) && id > X_FIRST_ID) {
        int64_t exact = (id >> 22) + X_EPOCH_MS;
        if (exact / 1000 == *ms / 1000)
            *ms = exact;
    }
    return true;
}

static struct str replaced(struct arena *a, struct str text, struct str what, struct str with)
{
    struct buf b = buf_on(a);
    size_t at = 0;
    if (what.n == 0 || !str_find(text, what, &at))
        return text;
    buf_put(&b, str_head(text, at));
    buf_put(&b, with);
    buf_put(&b, str_skip(text, at + what.n));
    return buf_str(&b);
}

static struct str unescaped(struct arena *a, struct str s)
{
    static const struct {
        const char *what, *is;
    } names[] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&#39;", "'" }, { "&amp;", "&" } };
    struct buf b = buf_on(a);
    while (s.n > 0) {
        size_t took = 0;
        for (size_t i = 0; s.p[0] == '&' && took == 0 && i < sizeof names / sizeof names[0]; i++)
            if (str_starts(s, str_c(names[i].what))) {
                buf_put(&b, str_c(names[i].is));
                took = strlen(names[i].what);
            }
        if (took == 0)
            buf_putc(&b, s.p[0]);
        s = str_skip(s, took == 0 ? 1 : took);
    }
    return buf_str(&b);
}

/* The files' own addresses stand at the end of the text, short: they go; other short ones become what they mean. */
static struct str tweet_text(struct arena *a, const json_t *t)
{
    struct str text = str_c(text_at(t, "full_text"));
    const json_t *urls = json_object_get(json_object_get(t, "entities"), "urls");
    const json_t *media = json_object_get(json_object_get(t, "entities"), "media");
    for (size_t i = 0; i < json_array_size(urls) && i < 32; i++)
        text = replaced(a, text, str_c(text_at(json_array_get(urls, i), "url")),
                        str_c(text_at(json_array_get(urls, i), "expanded_url")));
    for (size_t i = 0; i < json_array_size(media) && i < 8; i++)
        text = replaced(a, text, str_c(text_at(json_array_get(media, i), "url")), STR(""));
    return str_trim(unescaped(a, text));
}

/* "TWEET-NAME", NAME being the last part of the file's address. */
static void add_key(json_t *f, const char *tweet, const char *url)
{
    char name[256];
    json_t *keys = json_object_get(f, "keys");
    const char *base = strrchr(url, '/');
    base = base == NULL ? url : base + 1;
    int n = snprintf(name, sizeof name, "%s-%.*s", tweet, (int)strcspn(base, "?#"), base);
    if (n > 0 && (size_t)n < sizeof name && *base != '\0' && json_array_size(keys) < UNPACK_KEYS_MAX)
        (void)json_array_append_new(keys, key_of(name, (size_t)n));
}

static void add_tweet_files(const json_t *t, json_t *files)
{
    const json_t *all = json_object_get(json_object_get(t, "extended_entities"), "media");
    for (size_t i = 0; i < json_array_size(all) && i < 8; i++) {
        const json_t *m = json_array_get(all, i);
        const json_t *variants = json_object_get(json_object_get(m, "video_info"), "variants");
        json_t *f = file_of(text_at(m, "ext_alt_text"));
        for (size_t k = 0; k < json_array_size(variants) && k < 16; k++)
            if (strcmp(text_at(json_array_get(variants, k), "content_type"), "video/mp4") == 0)
                add_key(f, text_at(t, "id_str"), text_at(json_array_get(variants, k), "url"));
        if (json_array_size(variants) == 0)
            add_key(f, text_at(t, "id_str"), text_at(m, "media_url_https"));
        (void)json_array_append_new(files, f);
    }
}

static json_t *tweet_language(const json_t *t)
{
    const char *lang = text_at(t, "lang");
    bool is_one = strlen(lang) == 2 && strcmp(lang, "in") != 0 && strcmp(lang, "iw") != 0;
    return json_string(is_one ? lang : "");
}

static json_t *post_of_tweet(struct arena *a, const json_t *t, int64_t *ms)
{
    const char *id = text_at(t, "id_str");
    if (*id == '\0' || !tweet_time(t, ms) || strncmp(text_at(t, "full_text"), "RT @", 4) == 0)
        return NULL;
    json_t *post = json_object();
    json_t *files = json_array();
    add_tweet_files(t, files);
    struct str source = arena_strf(a, "x:%s", id);
    const char *parent = text_at(t, "in_reply_to_status_id_str");
    struct str to = *parent == '\0' ? STR("") : arena_strf(a, "x:%s", parent);
    if (*parent == '\0' && *text_at(t, "in_reply_to_user_id_str") != '\0')
        to = STR("x:?"); /* an answer to what is gone */
    (void)json_object_set_new(post, "id", string_of(source));
    (void)json_object_set_new(post, "ms", json_integer(*ms));
    (void)json_object_set_new(post, "text", string_of(tweet_text(a, t)));
    (void)json_object_set_new(post, "spoiler", json_string(""));
    (void)json_object_set_new(post, "sensitive", json_boolean(json_is_true(json_object_get(t, "possibly_sensitive"))));
    (void)json_object_set_new(post, "visibility", json_integer(0));
    (void)json_object_set_new(post, "language", tweet_language(t));
    (void)json_object_set_new(post, "parent", string_of(to));
    (void)json_object_set_new(post, "files", files);
    return post;
}

char *unpack_tweet(const char *item, size_t n, int64_t *ms)
{
    struct arena *a = arena_new();
    json_t *o = json_loadb(item, n, 0, NULL);
    const json_t *inner = json_object_get(o, "tweet");
    json_t *post = o == NULL ? NULL : post_of_tweet(a, inner != NULL ? inner : o, ms);
    char *out = post == NULL ? NULL : written(post);
    json_decref(o);
    arena_free(&a);
    return out;
}
