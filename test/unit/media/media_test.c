/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/arena.h"
#include "check.h"
#include "media/blurhash.h"
#include "media/mp4.h"
#include "media/sniff.h"

static struct str bytes(const char *p, size_t n)
{
    return (struct str){ p, n };
}
#define BYTES(literal) bytes(literal, sizeof(literal) - 1)

static void types_are_told_by_content(void)
{
    CHECK(media_sniff(BYTES("\xFF\xD8\xFF\xE0....")) == TYPE_JPEG);
    CHECK(media_sniff(BYTES("\x89PNG\r\n\x1A\n....")) == TYPE_PNG);
    CHECK(media_sniff(BYTES("RIFF....WEBP")) == TYPE_WEBP && media_sniff(BYTES("RIFF....WAVE")) == TYPE_WAV);
    CHECK(media_sniff(BYTES("\0\0\0\x18"
                            "ftypavif\0\0\0\0mif1miaf"))
          == TYPE_AVIF);
    CHECK(media_sniff(BYTES("\0\0\0\x18"
                            "ftypmif1\0\0\0\0avifmiaf"))
          == TYPE_AVIF);
    CHECK(media_sniff(BYTES("\0\0\0\x18"
                            "ftypheic\0\0\0\0mif1heic"))
          == TYPE_HEIC);
    CHECK(media_sniff(BYTES("\0\0\0\x18"
                            "ftypisom\0\0\0\0isomavc1"))
          == TYPE_MP4);
    CHECK(media_sniff(BYTES("GIF89a")) == TYPE_GIF && media_sniff(BYTES("OggS")) == TYPE_OGG);
    CHECK(media_sniff(BYTES("fLaC")) == TYPE_FLAC && media_sniff(BYTES("\x1A\x45\xDF\xA3")) == TYPE_WEBM);
    CHECK(media_sniff(BYTES("ID3\x04")) == TYPE_MP3 && media_sniff(BYTES("\xFF\xFB\x90\x64")) == TYPE_MP3);
    CHECK(media_sniff(BYTES("<svg xmlns=")) == TYPE_UNKNOWN
          && media_sniff(BYTES("#EXTM3U\nfile:///etc/passwd")) == TYPE_UNKNOWN);
    CHECK(media_sniff(BYTES("")) == TYPE_UNKNOWN && media_sniff(BYTES("%PDF-1.7")) == TYPE_UNKNOWN);
    CHECK(media_type_is_image(TYPE_HEIC) && !media_type_is_image(TYPE_GIF));
}

static void what_is_two_things_is_found(void)
{
    CHECK(media_is_polyglot(BYTES("GIF89a/*<SCRIPT>*/")) && media_is_polyglot(BYTES("\xFF\xD8\xFF %PDF-1.4")));
    CHECK(media_is_polyglot(BYTES("\xFF\xD8\xFF..PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")));
    CHECK(media_is_polyglot(BYTES("\xFF\xD8\xFF..PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0ab")));
    CHECK(!media_is_polyglot(BYTES("\xFF\xD8\xFF..PK\x05\x06 and more of a picture, which is no archive at all ..")));
    CHECK(!media_is_polyglot(BYTES("\xFF\xD8\xFF")) && !media_is_polyglot(BYTES("")));
}

/* Of one colour, everything but the mean is nothing. */
static void blurhash_of_one_colour(void)
{
    unsigned char red[3 * 8 * 8];
    char out[BLURHASH_ROOM];
    for (size_t i = 0; i < sizeof red; i++)
        red[i] = i % 3 == 0 ? 255 : 0;
    blurhash(red, 8, 8, out);
    CHECK(strlen(out) == BLURHASH_ROOM - 1 && out[0] == 'L');
    CHECK(memcmp(out + 2, "TI:j", 4) == 0); /* 0xFF0000 in base 83 */
}

static void mp4_loses_its_words(void)
{
    char film[] = "\0\0\0\x10"
                  "ftypisom\0\0\0\0"
                  "\0\0\0\x28"
                  "moov"
                  "\0\0\0\x10"
                  "udtaHEIDI..."
                  "\0\0\0\x10"
                  "mvhd........"
                  "\0\0\0\x10"
                  "uuidHEIDI...";
    size_t n = sizeof film - 1;
    CHECK(mp4_strip(film, n));
    CHECK(memmem(film, n, "HEIDI", 5) == NULL && memmem(film, n, "mvhd", 4) != NULL);
    CHECK(memmem(film, n, "udta", 4) == NULL && memmem(film, n, "free", 4) != NULL);
    char cut[] = "\0\0\0\x10"
                 "ftypisom\0\0\0\0"
                 "\0\0\xFF\x28"
                 "moov";
    CHECK(!mp4_strip(cut, sizeof cut - 1) && !mp4_strip(cut, 3));
}

int main(void)
{
    types_are_told_by_content();
    what_is_two_things_is_found();
    blurhash_of_one_colour();
    mp4_loses_its_words();
    return check_done();
}
