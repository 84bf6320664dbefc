/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <sodium.h>
#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "core/picture.h"

/* PNG (RFC 2083) of one byte a pixel, which is an index of a palette. */

#define AVATAR_SIDE   200
#define CELLS         5 /* mirrored: three columns are drawn from the id */
#define MARGIN        25
#define HEADER_WIDTH  1500
#define HEADER_HEIGHT 500

struct rgb {
    unsigned char r, g, b;
};

static void put_u32(struct buf *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_putc(b, (char)(v >> shift & 255));
}

static void put_chunk(struct buf *b, const char *type, struct str data)
{
    put_u32(b, (uint32_t)data.n);
    size_t from = b->n;
    buf_put(b, str_c(type));
    buf_put(b, data);
    put_u32(b, (uint32_t)crc32(0, (const Bytef *)b->p + from, (uInt)(b->n - from)));
}

static struct str deflated(struct arena *a, const unsigned char *rows, size_t n)
{
    uLongf room = compressBound(n);
    char *out = arena_alloc(a, room);
    int rc = compress2((Bytef *)out, &room, rows, n, Z_BEST_COMPRESSION);
    assert(rc == Z_OK);
    return (struct str){ out, room };
}

/* rows: each with a filter byte 0 in front */
static struct str png(struct arena *a, uint32_t width, uint32_t height, const struct rgb *palette, size_t colours,
                      const unsigned char *rows)
{
    struct buf head = buf_on(a);
    put_u32(&head, width);
    put_u32(&head, height);
    buf_put(&head, (struct str){ "\x08\x03\0\0\0", 5 }); /* 8 bits, palette, deflate, no filter, not interlaced */
    struct buf b = buf_on(a);
    buf_put(&b, (struct str){ "\x89PNG\r\n\x1a\n", 8 });
    put_chunk(&b, "IHDR", buf_str(&head));
    put_chunk(&b, "PLTE", (struct str){ (const char *)palette, colours * sizeof *palette });
    put_chunk(&b, "IDAT", deflated(a, rows, (size_t)height * (width + 1)));
    put_chunk(&b, "IEND", STR(""));
    return buf_str(&b);
}

/* Calm colours of even lightness, so that white text beside them never vanishes. */
static const struct rgb inks[] = {
    { 0x1F, 0x6F, 0x8B }, { 0x8B, 0x3A, 0x62 }, { 0x3A, 0x7D, 0x44 }, { 0xA0, 0x52, 0x2D },
    { 0x5B, 0x4B, 0x8A }, { 0x2E, 0x5E, 0xAA }, { 0x9C, 0x42, 0x21 }, { 0x6B, 0x6B, 0x2F },
};

struct str picture_avatar_png(struct ctx *c, int64_t account_id)
{
    unsigned char dice[crypto_generichash_BYTES_MIN];
    struct rgb palette[2] = { { 0xEF, 0xEC, 0xE6 }, { 0 } };
    (void)crypto_generichash(dice, sizeof dice, (const unsigned char *)&account_id, sizeof account_id, NULL, 0);
    palette[1] = inks[dice[0] % (sizeof inks / sizeof inks[0])];
    unsigned char *rows = arena_alloc(c->arena, (size_t)AVATAR_SIDE * (AVATAR_SIDE + 1));
    const size_t cell = (AVATAR_SIDE - 2 * MARGIN) / CELLS;
    for (size_t y = 0; y < CELLS * cell; y++) {
        unsigned char *row = rows + (y + MARGIN) * (AVATAR_SIDE + 1) + 1 + MARGIN;
        for (size_t x = 0; x < CELLS * cell; x++) {
            size_t column = x / cell;
            size_t mirrored = column < CELLS - column ? column : CELLS - 1 - column;
            row[x] = dice[1 + y / cell * 3 + mirrored] & 1;
        }
    }
    return png(c->arena, AVATAR_SIDE, AVATAR_SIDE, palette, 2, rows);
}

struct str picture_header_png(struct ctx *c)
{
    static const struct rgb palette[] = { { 0xD9, 0xD4, 0xC7 } };
    unsigned char *rows = arena_alloc(c->arena, (size_t)HEADER_HEIGHT * (HEADER_WIDTH + 1));
    return png(c->arena, HEADER_WIDTH, HEADER_HEIGHT, palette, 1, rows);
}
