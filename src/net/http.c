/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include "net/headers.h"

struct str http_header(const struct http_req *q, const char *name)
{
    const struct http_headers *h = q->headers;
    struct str wanted = str_c(name);
    for (size_t i = 0; h != NULL && i < h->n; i++)
        if (str_eq_nocase(h->v[i].name, wanted))
            return h->v[i].value;
    return (struct str){ 0 };
}

static struct str cookie_in(struct str header, struct str wanted)
{
    struct str pair = { 0 };
    while (str_cut(&header, ';', &pair)) {
        struct str name = { 0 };
        if (!str_cut(&pair, '=', &name) || pair.p == NULL || !str_eq(str_trim(name), wanted))
            continue;
        pair = str_trim(pair);
        if (pair.n >= 2 && pair.p[0] == '"' && pair.p[pair.n - 1] == '"')
            pair = str_head(str_skip(pair, 1), pair.n - 2);
        return pair;
    }
    return (struct str){ 0 };
}

struct str http_cookie(const struct http_req *q, const char *name)
{
    const struct http_headers *h = q->headers;
    struct str wanted = str_c(name);
    for (size_t i = 0; h != NULL && i < h->n; i++) {
        if (!str_eq_nocase(h->v[i].name, STR("cookie")))
            continue;
        struct str v = cookie_in(h->v[i].value, wanted);
        if (v.p != NULL)
            return v;
    }
    return (struct str){ 0 };
}

struct str http_param(const struct http_req *q, const char *name)
{
    struct str wanted = str_c(name);
    for (size_t i = q->params_n; i > 0; i--)
        if (q->params[i - 1].file_name.p == NULL && str_eq(q->params[i - 1].name, wanted))
            return q->params[i - 1].value;
    return (struct str){ 0 };
}

bool http_has(const struct http_req *q, const char *name)
{
    struct str wanted = str_c(name);
    for (size_t i = 0; i < q->params_n; i++) {
        struct str given = q->params[i].name;
        if (str_starts(given, wanted) && (given.n == wanted.n || given.p[wanted.n] == '['))
            return true;
    }
    return false;
}

bool http_bool(const struct http_req *q, const char *name, bool otherwise)
{
    static const char *const no[] = { "0", "f", "F", "false", "FALSE", "False", "off", "OFF", "" };
    struct str v = http_param(q, name);
    if (v.p == NULL)
        return otherwise;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (str_eq(v, str_c(no[i])))
            return false;
    return true;
}

/* A decimal too long for 64 bits: clamping needs only its sign. */
static bool is_decimal(struct str s)
{
    if (s.n > 0 && s.p[0] == '-')
        s = str_skip(s, 1);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

bool http_i64(const struct http_req *q, const char *name, int64_t lo, int64_t hi, bool clamp, int64_t *out)
{
    struct str s = str_trim(http_param(q, name));
    int64_t v = 0;
    if (s.n == 0)
        return true;
    if (!str_to_i64(s, &v)) {
        if (!clamp || !is_decimal(s))
            return false;
        v = s.p[0] == '-' ? INT64_MIN : INT64_MAX;
    }
    if (!clamp && (v < lo || v > hi))
        return false;
    *out = v < lo ? lo : v > hi ? hi : v;
    return true;
}

/* name, name[] or name[digits] */
static bool is_list_name(struct str given, struct str name)
{
    if (!str_starts(given, name))
        return false;
    struct str tail = str_skip(given, name.n);
    if (tail.n == 0)
        return true;
    if (tail.n < 2 || tail.p[0] != '[' || tail.p[tail.n - 1] != ']')
        return false;
    for (size_t i = 1; i + 1 < tail.n; i++)
        if (tail.p[i] < '0' || tail.p[i] > '9')
            return false;
    return true;
}

static bool is_list_item(const struct http_param *p, struct str name)
{
    return p->file_name.p == NULL && p->value.n > 0 && is_list_name(p->name, name);
}

const struct str *http_list(const struct http_req *q, const char *name, size_t *n)
{
    struct str wanted = str_c(name);
    size_t count = 0;
    for (size_t i = 0; i < q->params_n; i++)
        count += is_list_item(&q->params[i], wanted) ? 1U : 0U;
    struct str *list = ARENA_ARRAY(q->arena, count, struct str);
    *n = 0;
    for (size_t i = 0; i < q->params_n; i++)
        if (is_list_item(&q->params[i], wanted))
            list[(*n)++] = q->params[i].value;
    return list;
}

const struct http_param *http_file(const struct http_req *q, const char *name)
{
    struct str wanted = str_c(name);
    for (size_t i = q->params_n; i > 0; i--)
        if (q->params[i - 1].file_name.p != NULL && str_eq(q->params[i - 1].name, wanted))
            return &q->params[i - 1];
    return NULL;
}

static bool is_header_text(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\r' || s.p[i] == '\n' || s.p[i] == '\0')
            return false;
    return true;
}

void http_res_header(struct http_res *r, struct str name, struct str value)
{
    if (name.n == 0 || !is_header_text(name) || !is_header_text(value))
        return;
    struct http_header_out *h = ARENA_NEW(r->arena, struct http_header_out);
    *h = (struct http_header_out){ .name = arena_str(r->arena, name), .value = arena_str(r->arena, value) };
    struct http_header_out **at = &r->headers;
    while (*at != NULL)
        at = &(*at)->next;
    *at = h;
}

struct str http_res_header_of(const struct http_res *r, struct str name)
{
    for (const struct http_header_out *h = r->headers; h != NULL; h = h->next)
        if (str_eq(h->name, name))
            return h->value;
    return (struct str){ 0 };
}

bool http_is_known(const struct http_req *q, struct str etag)
{
    size_t at = 0;
    struct str known = http_header(q, "If-None-Match");
    return str_eq(known, STR("*")) || (known.n > 0 && str_find(known, etag, &at));
}

void http_res_redirect(struct http_res *r, int status, struct str location)
{
    r->status = status;
    http_res_header(r, STR("Location"), location);
}

int http_status_of(enum err e)
{
    switch (e) {
    case OK: return 200;
    case ERR_INVALID: return 422;
    case ERR_MALFORMED: return 400;
    case ERR_UNAUTHENTICATED: return 401;
    case ERR_FORBIDDEN: return 403;
    case ERR_NOT_FOUND: return 404;
    case ERR_GONE: return 410;
    case ERR_CONFLICT: return 409;
    case ERR_TOO_LARGE: return 413;
    case ERR_TOO_MANY: return 429;
    case ERR_AGAIN:
    case ERR_COLD:
    case ERR_UNAVAILABLE: return 503;
    case ERR_NO_SPACE: return 507;
    case ERR_INTERNAL: return 500;
    }
    return 500;
}
