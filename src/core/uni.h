/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* Unicode for the text rules: the one place that talks to ICU about characters. Pure functions, any thread; bytes that
   are not UTF-8 count as U+FFFD. What is longer than UNI_BYTES_MAX is cut there (texts are far shorter: body limits).
 */
#define UNI_BYTES_MAX ((size_t)4 << 20)
#define UNI_CLUSTER_MAX                                                                          \
    16 /* code points; the longest emoji that vendors draw have 10 (UTS 51, emoji-zwj-sequences) \
        */

bool uni_is_letter(uint32_t cp);
bool uni_is_mark(uint32_t cp);
bool uni_is_word(uint32_t cp);   /* letter, mark, number or '_' */
bool uni_is_format(uint32_t cp); /* control, format, surrogate, private or unassigned: general category C */
bool uni_is_space(uint32_t cp);  /* ASCII white space, categories Z */
bool uni_is_dash(uint32_t cp);   /* categories Pd and Pc */
bool uni_is_unspaced(
    uint32_t cp); /* of a script that sets no space between a name and what follows: Han, Kana, Thai, ... */
bool uni_is_ideogram(uint32_t cp); /* Han, Kana, Bopomofo, Thai, Lao, Khmer, Burmese: no spaces between words */

struct str uni_fold(struct arena *a, struct str s);  /* NFKC_Casefold (Unicode Standard, 3.13): for comparing */
struct str uni_plain(struct arena *a, struct str s); /* the same without U+0300..036F: "Ínes" and "ines" are one */
/* s with UNI_BOUND wherever a word (uni_is_word) begins or ends: then words can be looked for as bytes. A byte of that
   value in s goes. */
#define UNI_BOUND '\x1f'
struct str uni_bounds(struct arena *a, struct str s);
size_t uni_graphemes(struct str s); /* extended grapheme clusters (UAX 29); what one has beyond UNI_CLUSTER_MAX adds */
bool uni_is_emoji(struct str s);    /* one emoji that is recommended for general interchange (UTS 51) */
bool uni_is_blank(struct str s);    /* nothing of it can be seen: white space, joiners, fillers, also when empty */
/* What s looks like (UTS 39, 4): two strings that may be taken for each other have one skeleton. Not for display. */
struct str uni_skeleton(struct arena *a, struct str s);
