/* SPDX-License-Identifier: Apache-2.0 */
#include "media/sniff.h"

#include <string.h>

#define FRONT_BYTES    1024         /* where readers of pages and PDF look for a beginning */
#define ZIP_END_BYTES  22           /* APPNOTE 4.3.16: end of central directory, without its comment */
#define ZIP_BACK_BYTES (65535 + 22) /* how far from the end it may stand */

static bool has_at(struct str b, size_t at, struct str magic)
{
    return b.n >= at + magic.n && memcmp(b.p + at, magic.p, magic.n) == 0;
}

/* ISO/IEC 14496-12 4.3: the brand says which family. */
static enum media_type sniff_ftyp(struct str b)
{
    static const struct str heic[] = { { "heic", 4 }, { "heix", 4 }, { "heim", 4 }, { "heis", 4 },
                                       { "hevc", 4 }, { "mif1", 4 }, { "msf1", 4 } };
    if (!has_at(b, 4, STR("ftyp")) || b.n < 16)
        return has_at(b, 4, STR("moov")) || has_at(b, 4, STR("mdat")) ? TYPE_MP4 : TYPE_UNKNOWN;
    if (has_at(b, 8, STR("avif")) || has_at(b, 8, STR("avis")))
        return TYPE_AVIF;
    size_t n = (size_t)(unsigned char)b.p[2] << 8 | (unsigned char)b.p[3];
    for (size_t at = 16; at + 4 <= n && at + 4 <= b.n && at < 64; at += 4)
        if (has_at(b, 8, STR("mif1")) && has_at(b, at, STR("avif")))
            return TYPE_AVIF;
    for (size_t i = 0; i < sizeof heic / sizeof heic[0]; i++)
        if (has_at(b, 8, heic[i]))
            return TYPE_HEIC;
    return TYPE_MP4;
}

/* ISO/IEC 11172-3 2.4.1.3: a frame of layer III, its bit rate and sample rate neither free nor reserved. */
static bool is_mp3(struct str b)
{
    const unsigned char *p = (const unsigned char *)b.p;
    if (has_at(b, 0, STR("ID3")))
        return true;
    return b.n >= 4 && p[0] == 0xFF && (p[1] & 0xE6) == 0xE2 && (p[2] & 0xF0) != 0xF0 && (p[2] & 0xF0) != 0
           && (p[2] & 0x0C) != 0x0C;
}

enum media_type media_sniff(struct str b)
{
    if (has_at(b, 0, (struct str){ "\xFF\xD8\xFF", 3 }))
        return TYPE_JPEG;
    if (has_at(b, 0, (struct str){ "\x89PNG\r\n\x1A\n", 8 }))
        return TYPE_PNG;
    if (has_at(b, 0, STR("GIF87a")) || has_at(b, 0, STR("GIF89a")))
        return TYPE_GIF;
    if (has_at(b, 0, STR("RIFF")) && has_at(b, 8, STR("WEBP")))
        return TYPE_WEBP;
    if (has_at(b, 0, STR("RIFF")) && has_at(b, 8, STR("WAVE")))
        return TYPE_WAV;
    if (has_at(b, 0, (struct str){ "\x1A\x45\xDF\xA3", 4 }))
        return TYPE_WEBM;
    if (has_at(b, 0, STR("OggS")))
        return TYPE_OGG;
    if (has_at(b, 0, STR("fLaC")))
        return TYPE_FLAC;
    if (is_mp3(b))
        return TYPE_MP3;
    return sniff_ftyp(b);
}

bool media_type_is_image(enum media_type t)
{
    return t == TYPE_JPEG || t == TYPE_PNG || t == TYPE_WEBP || t == TYPE_AVIF || t == TYPE_HEIC;
}

static char lower(char ch)
{
    return ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
}

static bool front_has(struct str b, struct str word)
{
    size_t n = b.n < FRONT_BYTES ? b.n : FRONT_BYTES;
    for (size_t at = 0; at + word.n <= n; at++) {
        size_t i = 0;
        while (i < word.n && lower(b.p[at + i]) == word.p[i])
            i++;
        if (i == word.n)
            return true;
    }
    return false;
}

/* An archive is read from its end: the record there says how long the comment behind it is. */
static bool ends_as_zip(struct str b)
{
    size_t from = b.n > ZIP_BACK_BYTES ? b.n - ZIP_BACK_BYTES : 0;
    for (size_t at = b.n; at-- > from;) {
        if (b.n - at < ZIP_END_BYTES || !has_at(b, at, (struct str){ "PK\x05\x06", 4 }))
            continue;
        const unsigned char *comment = (const unsigned char *)b.p + at + 20;
        if (at + ZIP_END_BYTES + (comment[0] | (size_t)comment[1] << 8) == b.n)
            return true;
    }
    return false;
}

bool media_is_polyglot(struct str b)
{
    static const struct str fronts[] = { { "%pdf-", 5 }, { "<html", 5 }, { "<script", 7 }, { "<!doctype html", 14 },
                                         { "<?php", 5 }, { "<svg", 4 },  { "<iframe", 7 }, { "#!/", 3 } };
    for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; i++)
        if (front_has(b, fronts[i]))
            return true;
    return ends_as_zip(b);
}
