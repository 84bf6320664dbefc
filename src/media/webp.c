/* SPDX-License-Identifier: Apache-2.0 */
#include "media/webp.h"

#include "base/buf.h"

#define HEAD_BYTES 12 /* RIFF, size, WEBP */
#define CHUNK_HEAD 8
#define VP8X_BYTES 10
#define FLAG_ALPHA 0x10
#define FLAG_MOVES 0x02
#define ANIM_BYTES 6
#define FRAME_HEAD 16

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

static void put_extended(struct buf *b, struct str vp8x, char flags)
{
    buf_put(b, STR("VP8X"));
    put_u32(b, VP8X_BYTES);
    buf_putc(b, flags);
    buf_put(b, (struct str){ "\0\0\0", 3 });
    buf_put(b, str_skip(vp8x, 4)); /* width and height of the canvas */
}

/* The pixels of a picture or frame. False: there are none. */
static bool pixels_of(struct str rest, struct str *vp8x, struct str *alpha, struct str *picture)
{
    struct chunk k = { 0 };
    *vp8x = *alpha = *picture = (struct str){ 0 };
    while (next_chunk(&rest, &k)) {
        if (str_eq(k.name, STR("VP8X")) && k.data.n == VP8X_BYTES)
            *vp8x = k.data;
        else if (str_eq(k.name, STR("ALPH")))
            *alpha = k.whole;
        else if (str_eq(k.name, STR("VP8 ")) || str_eq(k.name, STR("VP8L")))
            *picture = k.whole;
    }
    return picture->n > 0;
}

static bool is_webp(struct str in)
{
    return in.n >= HEAD_BYTES && str_starts(in, STR("RIFF")) && str_eq(str_head(str_skip(in, 8), 4), STR("WEBP"));
}

static struct str riff(struct arena *a, struct str body)
{
    struct buf whole = buf_on(a);
    buf_put(&whole, STR("RIFF"));
    put_u32(&whole, (uint32_t)(4 + body.n));
    buf_put(&whole, STR("WEBP"));
    buf_put(&whole, body);
    return buf_str(&whole);
}

bool webp_strip(struct arena *a, struct str in, struct str *out)
{
    struct str vp8x;
    struct str alpha;
    struct str picture;
    if (!is_webp(in) || !pixels_of(str_skip(in, HEAD_BYTES), &vp8x, &alpha, &picture) || (alpha.n > 0 && vp8x.n == 0))
        return false;
    struct buf b = buf_on(a);
    if (alpha.n > 0) {
        put_extended(&b, vp8x, FLAG_ALPHA);
        buf_put(&b, alpha);
    }
    buf_put(&b, picture);
    *out = riff(a, buf_str(&b));
    return true;
}

/* One frame: place, size, time, then its pixels. */
static bool put_frame(struct buf *b, struct str data)
{
    struct str none;
    struct str alpha;
    struct str picture;
    if (data.n < FRAME_HEAD || !pixels_of(str_skip(data, FRAME_HEAD), &none, &alpha, &picture))
        return false;
    buf_put(b, STR("ANMF"));
    put_u32(b, (uint32_t)(FRAME_HEAD + alpha.n + picture.n));
    buf_put(b, str_head(data, FRAME_HEAD));
    buf_put(b, alpha);
    buf_put(b, picture);
    return true;
}

bool webp_strip_moving(struct arena *a, struct str in, int frames_max, struct str *out)
{
    struct str vp8x = { 0 };
    struct chunk k = { 0 };
    struct buf b = buf_on(a);
    int frames = 0;
    if (!is_webp(in))
        return false;
    for (struct str rest = str_skip(in, HEAD_BYTES); next_chunk(&rest, &k);) {
        if (str_eq(k.name, STR("VP8X")) && k.data.n == VP8X_BYTES && b.n == 0) {
            vp8x = k.data;
            put_extended(&b, vp8x, (char)(vp8x.p[0] & (FLAG_ALPHA | FLAG_MOVES)));
        } else if (str_eq(k.name, STR("ANIM")) && k.data.n == ANIM_BYTES && frames == 0 && vp8x.n > 0) {
            buf_put(&b, k.whole);
        } else if (str_eq(k.name, STR("ANMF")) && (++frames > frames_max || !put_frame(&b, k.data))) {
            return false;
        }
    }
    if (frames == 0)
        return webp_strip(a, in, out);
    if (vp8x.n == 0 || (vp8x.p[0] & FLAG_MOVES) == 0)
        return false;
    *out = riff(a, buf_str(&b));
    return true;
}
