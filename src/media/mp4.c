/* SPDX-License-Identifier: Apache-2.0 */
#include "media/mp4.h"

#include <stdint.h>
#include <string.h>

#define HEAD_BYTES 8
#define DEPTH_MAX  6

static uint64_t number(const char *p, size_t bytes)
{
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

static bool is_one_of(const char *type, const char *const *list)
{
    for (; *list != NULL; list++)
        if (memcmp(type, *list, 4) == 0)
            return true;
    return false;
}

static bool walk(char *p, size_t n, int depth)
{
    static const char *const folders[] = { "moov", "trak", "mdia", "minf", "stbl", "edts", "dinf", NULL };
    static const char *const kept[] = { "ftyp", "mdat", "mvhd", "tkhd", "mdhd", "hdlr", "vmhd",
                                        "smhd", "dref", "stsd", "stts", "stss", "ctts", "stsc",
                                        "stsz", "stco", "co64", "sgpd", "sbgp", "elst", NULL };
    for (size_t at = 0; at < n;) {
        if (n - at < HEAD_BYTES)
            return false;
        uint64_t size = number(p + at, 4);
        size_t head = HEAD_BYTES;
        if (size == 1 && n - at >= 16) {
            size = number(p + at + 8, 8);
            head = 16;
        }
        if (size < head || size > n - at)
            return false;
        char *type = p + at + 4;
        if (is_one_of(type, folders)) {
            if (depth == DEPTH_MAX || !walk(p + at + head, (size_t)size - head, depth + 1))
                return false;
        } else if (!is_one_of(type, kept)) {
            memcpy(type, "free", 4);
            memset(p + at + head, 0, (size_t)size - head);
        }
        at += (size_t)size;
    }
    return true;
}

bool mp4_strip(char *bytes, size_t n)
{
    return n > HEAD_BYTES && memcmp(bytes + 4, "ftyp", 4) == 0 && walk(bytes, n, 0);
}
