/* SPDX-License-Identifier: Apache-2.0 */
#include "net/params.h"

#include <stdlib.h>

#define FIRST_PARAMS ((size_t)16)

bool params_add(struct params *p, struct http_param add)
{
    if (p->n >= HTTP_PARAMS_MAX || add.name.n > HTTP_PARAM_NAME_MAX || !str_is_utf8(add.name))
        return false;
    if (add.file_name.p == NULL ? !str_is_utf8(add.value) : !str_is_utf8(add.file_name) || !str_is_utf8(add.file_type))
        return false;
    if (p->n == p->cap) {
        size_t cap = p->cap == 0 ? FIRST_PARAMS : p->cap * 2;
        struct http_param *v = ARENA_ARRAY(p->arena, cap, struct http_param);
        if (p->n > 0)
            memcpy(v, p->v, p->n * sizeof *v);
        p->v = v;
        p->cap = cap;
    }
    p->v[p->n++] = add;
    return true;
}

static int hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    if (ch >= 'A' && ch <= 'F')
        return ch - 'A' + 10;
    return -1;
}

static bool is_encoded(struct str s, bool plus_is_space)
{
    return s.n > 0 && (memchr(s.p, '%', s.n) != NULL || (plus_is_space && memchr(s.p, '+', s.n) != NULL));
}

/* A '%' that no two hexadecimal digits follow stays as it is. */
struct str http_percent_decode(struct arena *a, struct str s, bool plus_is_space)
{
    if (!is_encoded(s, plus_is_space))
        return s;
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (ch == '%' && s.n - i > 2 && hex_digit(s.p[i + 1]) >= 0 && hex_digit(s.p[i + 2]) >= 0) {
            ch = (char)(hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2]));
            i += 2;
        } else if (ch == '+' && plus_is_space) {
            ch = ' ';
        }
        out[n++] = ch;
    }
    return (struct str){ out, n };
}

static bool is_unreserved(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '.'
           || ch == '_' || ch == '~';
}

struct str http_percent_encode(struct arena *a, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    if (s.n > SIZE_MAX / 3 - 1)
        abort();
    char *out = arena_alloc(a, s.n * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (is_unreserved(s.p[i])) {
            out[n++] = s.p[i];
        } else {
            out[n++] = '%';
            out[n++] = digits[ch >> 4];
            out[n++] = digits[ch & 15];
        }
    }
    return (struct str){ out, n };
}

bool params_query(struct params *p, struct str query)
{
    struct str part = { 0 };
    while (str_cut(&query, '&', &part)) {
        struct str name = { 0 };
        struct str value = part;
        if (!str_cut(&value, '=', &name) || name.n == 0)
            continue;
        if (value.p == NULL)
            value = STR("");
        if (!params_add(p, (struct http_param){ .name = http_percent_decode(p->arena, name, true),
                                                .value = http_percent_decode(p->arena, value, true) }))
            return false;
    }
    return true;
}

/* A form's text has no bytes that its encoding would have escaped, and an equals sign. */
static bool reads_like_form(struct str body)
{
    if (body.n == 0 || memchr(body.p, '=', body.n) == NULL)
        return false;
    for (size_t i = 0; i < body.n; i++)
        if (body.p[i] <= ' ' || body.p[i] == '"' || body.p[i] == '{' || body.p[i] == '<' || body.p[i] == 0x7f)
            return false;
    return true;
}

bool params_body(struct params *p, struct str content_type, struct str body)
{
    struct str type = header_value_head(content_type);
    if (body.n == 0)
        return true;
    if (str_eq_nocase(type, STR("application/json")))
        return params_json(p, body);
    if (str_eq_nocase(type, STR("multipart/form-data")))
        return params_multipart(p, content_type, body);
    if (str_eq_nocase(type, STR("application/x-www-form-urlencoded")) || (type.n == 0 && reads_like_form(body)))
        return params_query(p, body);
    return true;
}

static bool finish(const struct params *p, bool decoded, struct http_param **out, size_t *n)
{
    *out = decoded ? p->v : NULL;
    *n = decoded ? p->n : 0;
    return decoded;
}

bool http_parse_query(struct arena *a, struct str query, struct http_param **out, size_t *n)
{
    struct params p = { .arena = a };
    bool decoded = params_query(&p, query);
    return finish(&p, decoded, out, n);
}

bool http_parse_json(struct arena *a, struct str body, struct http_param **out, size_t *n)
{
    struct params p = { .arena = a };
    bool decoded = params_json(&p, body);
    return finish(&p, decoded, out, n);
}

bool http_parse_multipart(struct arena *a, struct str content_type, struct str body, struct http_param **out, size_t *n)
{
    struct params p = { .arena = a };
    bool decoded = params_multipart(&p, content_type, body);
    return finish(&p, decoded, out, n);
}
