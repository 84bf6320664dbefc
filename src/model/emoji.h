/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* A picture that stands for ":shortcode:" wherever members write. */
struct emoji {
    struct str shortcode;
    struct str hash;        /* of its file, WebP */
    struct str static_hash; /* the same when it does not move */
    struct str category;    /* empty: none */
    bool enabled;
    int64_t created_ms;
    int64_t updated_ms;
};

/* All of them, by shortcode in byte order; immutable and shared. */
struct emojis {
    const struct emoji *const *rows;
    int64_t n;
    int64_t enabled_n;
    uint64_t version; /* differs when anything that is shown of them does; 0: there are none */
};
