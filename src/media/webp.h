/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* A still WebP picture with nothing in it but pixels: every chunk but VP8, VP8L and ALPH goes (EXIF, XMP, ICC, unknown
   ones), whatever the encoder thought of its options (libvips 8.14 writes EXIF in spite of "strip"). False when `in` is
   no whole still WebP. WebP Container Specification, RFC 9649. */
bool webp_strip(struct arena *a, struct str in, struct str *out);
/* The same for one that may move: of each frame its place, its time and its pixels stay. At most `frames_max`. */
bool webp_strip_moving(struct arena *a, struct str in, int frames_max, struct str *out);
