/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stddef.h>

/* A picture as some thirty characters, for what is shown while it loads: the first terms of its cosine transform, in
   base 83. After https://github.com/woltapp/blurhash/blob/master/Algorithm.md */
#define BLURHASH_X    4
#define BLURHASH_Y    3
#define BLURHASH_ROOM (6 + 2 * (BLURHASH_X * BLURHASH_Y - 1) + 1)

/* rgb: 3 bytes a pixel, sRGB, without padding; out has BLURHASH_ROOM, with NUL. A few dozen pixels a side are enough.
 */
void blurhash(const unsigned char *rgb, int width, int height, char out[BLURHASH_ROOM]);
