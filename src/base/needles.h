/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/str.h"

/* Many strings looked for in a text at once, byte by byte (Aho and Corasick, 1975): what it costs depends on the text
   alone. Immutable once made; any thread. Aborts without memory. */
struct needles;

struct needles *needles_new(const struct str *all, uint32_t n); /* an empty string is never found */
void needles_free(struct needles **n);
size_t needles_bytes(const struct needles *n);
/* found[i] becomes true for each string i that stands in the text. */
void needles_find(const struct needles *n, struct str text, bool *found);
