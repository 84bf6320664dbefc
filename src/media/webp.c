/* SPDX-License-Identifier: Apache-2.0 */
#include "media/webp.h"

#include "base/buf.h"

#define HEAD_BYTES 12 /* RIFF, size, WEBP */
#define CHUNK_HEAD 8
#define VP8X_BYTES 10
#define FLAG_ALPHA 0x10

struct chunk {
    struct str name;
    struct str data;
    struct str whole; /* with its head and its padding */
};

static uint32_t u32_at(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put_u32(struct buf *b, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        buf_putc(b, (char)(v >> (i * 8) & 255));
}

/* Takes the next chunk off *rest; false at the end or when it is not whole. */
static bool next_chunk(struct str *rest, struct chunk *out)
{
    if (rest->n < CHUNK_HEAD)
        return false;
    size_t n = u32_at(*rest, 4);
    size_t padded = n + (n & 1);
    if (rest->n - CHUNK_HEAD < padded)
        return false;
    *out = (struct chunk){
        .name = str_head(*rest, 4),
        .data = { rest->p + CHUNK_HEAD, n },
        .whole = str_head(*rest, CHUNK_HEAD + padded),
    };
    *rest = str_skip(*rest, CHUNK_HEAD + padded);
    return true;
}

static void put_extended(struct buf *b, struct str vp8x)
{
    buf_put(b, STR("VP8X"));
    put_u32(b, VP8X_BYTES);
    buf_putc(b, FLAG_ALPHA);
    buf_put(b, (struct str){ "\0\0\0", 3 });
    buf_put(b, str_skip(vp8x, 4)); /* width and height of the canvas */
}

bool webp_strip(struct arena *a, struct str in, struct str *out)
{
    struct str vp8x = { 0 };
    struct str alpha = { 0 };
    struct str picture = { 0 };
    struct chunk k = { 0 };
    if (in.n < HEAD_BYTES || !str_starts(in, STR("RIFF")) || !str_eq(str_head(str_skip(in, 8), 4), STR("WEBP")))
        return false;
    for (struct str rest = str_skip(in, HEAD_BYTES); next_chunk(&rest, &k);) {
        if (str_eq(k.name, STR("VP8X")) && k.data.n == VP8X_BYTES)
            vp8x = k.data;
        else if (str_eq(k.name, STR("ALPH")))
            alpha = k.whole;
        else if (str_eq(k.name, STR("VP8 ")) || str_eq(k.name, STR("VP8L")))
            picture = k.whole;
    }
    if (picture.n == 0 || (alpha.n > 0 && vp8x.n == 0))
        return false;
    struct buf b = buf_on(a);
    if (alpha.n > 0) {
        put_extended(&b, vp8x);
        buf_put(&b, alpha);
    }
    buf_put(&b, picture);
    struct str body = buf_str(&b);
    struct buf whole = buf_on(a);
    buf_put(&whole, STR("RIFF"));
    put_u32(&whole, (uint32_t)(4 + body.n));
    buf_put(&whole, STR("WEBP"));
    buf_put(&whole, body);
    *out = buf_str(&whole);
    return true;
}
