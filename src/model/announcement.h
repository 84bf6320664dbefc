/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* What the people who run the server tell everybody. */
struct announcement {
    int64_t id;
    struct str text;   /* plain text */
    int64_t starts_ms; /* of what it speaks of; 0: not said */
    int64_t ends_ms;   /* not shown any more from then on; 0: until taken down */
    bool all_day;      /* of the two times only the days count */
    int64_t published_ms;
    int64_t updated_ms;
};

struct reaction {
    int64_t announcement_id;
    struct str name; /* an emoji */
    int64_t n;
    bool me;
};
