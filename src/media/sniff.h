/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/str.h"

/* What a file is by its content; names and declared types are not looked at. Reads the bytes alone, allocates nothing.
 */
enum media_type {
    TYPE_UNKNOWN,
    TYPE_JPEG,
    TYPE_PNG,
    TYPE_WEBP,
    TYPE_AVIF,
    TYPE_HEIC,
    TYPE_GIF,
    TYPE_MP4, /* and QuickTime, M4A, 3GP: one family */
    TYPE_WEBM,
    TYPE_MP3,
    TYPE_OGG,
    TYPE_FLAC,
    TYPE_WAV,
};
enum media_type media_sniff(struct str bytes);
bool media_type_is_image(enum media_type t); /* TYPE_GIF is none: it moves */

/* A file that is something else at the same time: a ZIP archive behind it, a PDF, a page or a script in front. What is
   kept is encoded anew, so nothing of that would survive; whoever sends it has no picture in mind. */
bool media_is_polyglot(struct str bytes);
