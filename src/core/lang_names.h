/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* The languages with a two-letter code (ISO 639-1), each by its own name, as ICU knows them. On the arena. */
struct lang_name {
    struct str code;
    struct str name;
};
size_t lang_names(struct arena *a, struct lang_name **out);
