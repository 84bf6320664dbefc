/* SPDX-License-Identifier: Apache-2.0 */
#include "api/link.h"

#include "base/buf.h"
#include "base/id.h"
#include "model/site.h"

static enum err parse_bound(struct ctx *c, const struct http_req *q, const char *name, int64_t *out)
{
    struct str v = http_param(q, name);
    *out = 0;
    if (v.n == 0 || str_eq(v, STR("0")))
        return OK;
    if (!id_parse(v, out))
        return fail(c, ERR_INVALID, "Validation failed: %s is not an id", name);
    return OK;
}

enum err page_parse(struct ctx *c, const struct http_req *q, int64_t limit_default, int64_t limit_max, struct page *out)
{
    *out = (struct page){ .limit = limit_default };
    TRY(parse_bound(c, q, "max_id", &out->max_id));
    TRY(parse_bound(c, q, "since_id", &out->since_id));
    TRY(parse_bound(c, q, "min_id", &out->min_id));
    if (http_has(q, "limit") && !http_i64(q, "limit", 1, limit_max, true, &out->limit))
        out->limit = limit_default;
    if (http_has(q, "offset") && !http_i64(q, "offset", 0, 10000, true, &out->offset))
        out->offset = 0;
    return OK;
}

static bool is_bound(struct str name)
{
    return str_eq(name, STR("max_id")) || str_eq(name, STR("since_id")) || str_eq(name, STR("min_id"))
           || str_eq(name, STR("offset")) || str_eq(name, STR("access_token"));
}

/* As it was sent, but for what would end the address in the header. */
static void put_sent(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch == '<' || ch == '>' || ch == '"' || ch >= 0x7F)
            buf_printf(b, "%%%02X", ch);
        else
            buf_putc(b, (char)ch);
    }
}

static void put_link(struct ctx *c, struct buf *b, const struct http_req *q, const char *bound, int64_t id,
                     const char *rel)
{
    struct str path = q->target;
    struct str query = q->query;
    struct str part = { 0 };
    (void)str_cut(&path, '?', &part);
    buf_putc(b, '<');
    buf_put(b, c->site->base_url);
    put_sent(b, part);
    buf_putc(b, '?');
    struct str pair = { 0 };
    while (query.n > 0 && str_cut(&query, '&', &pair)) {
        struct str rest = pair;
        struct str name = { 0 };
        if (pair.n == 0 || !str_cut(&rest, '=', &name) || is_bound(name))
            continue;
        put_sent(b, pair);
        buf_putc(b, '&');
    }
    buf_put(b, str_c(bound));
    buf_putc(b, '=');
    buf_i64(b, id);
    buf_put(b, STR(">; rel=\""));
    buf_put(b, str_c(rel));
    buf_putc(b, '"');
}

void page_links(struct ctx *c, const struct http_req *q, struct http_res *r, int64_t first_id, int64_t last_id,
                bool prev_is_since)
{
    if (first_id == 0 || last_id == 0)
        return;
    struct buf b = buf_on(c->arena);
    put_link(c, &b, q, "max_id", last_id, "next");
    buf_put(&b, STR(", "));
    put_link(c, &b, q, prev_is_since ? "since_id" : "min_id", first_id, "prev");
    http_res_header(r, STR("Link"), buf_str(&b));
}

void offset_links(struct ctx *c, const struct http_req *q, struct http_res *r, const struct page *p, bool more)
{
    struct buf b = buf_on(c->arena);
    if (more)
        put_link(c, &b, q, "offset", p->offset + p->limit, "next");
    if (more && p->offset > 0)
        buf_put(&b, STR(", "));
    if (p->offset > 0)
        put_link(c, &b, q, "offset", p->offset > p->limit ? p->offset - p->limit : 0, "prev");
    if (b.n > 0)
        http_res_header(r, STR("Link"), buf_str(&b));
}
