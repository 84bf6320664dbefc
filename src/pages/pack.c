/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/pack.h"

#include <zlib.h>

#define PACK_MIN   1400 /* bytes: what fits into one packet stays as it is */
#define PACK_MAX   ((size_t)4 * 1024 * 1024)
#define PACK_LEVEL 4

bool pack_is_taken(const struct http_req *q)
{
    size_t at = 0;
    return str_find(http_header(q, "accept-encoding"), STR("gzip"), &at);
}

void pack_say(struct http_res *r)
{
    http_res_header(r, STR("Content-Encoding"), STR("gzip"));
}

bool pack_is_packed(const struct http_res *r)
{
    return http_res_header_of(r, STR("Content-Encoding")).n > 0;
}

void pack(struct visit *v)
{
    struct http_res *r = v->r;
    z_stream z = { 0 };
    if (v->secret || r->body.n < PACK_MIN || r->body.n > PACK_MAX || !pack_is_taken(v->q)
        || deflateInit2(&z, PACK_LEVEL, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    uLong room = deflateBound(&z, (uLong)r->body.n);
    unsigned char *out = arena_alloc(v->c->arena, room);
    unsigned char *in = arena_alloc(v->c->arena, r->body.n);
    memcpy(in, r->body.p, r->body.n);
    z.next_in = in;
    z.avail_in = (uInt)r->body.n;
    z.next_out = out;
    z.avail_out = (uInt)room;
    if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
        r->body = (struct str){ (const char *)out, z.total_out };
        pack_say(r);
    }
    (void)deflateEnd(&z);
}
