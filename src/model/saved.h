/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

#include "base/str.h"

/* Parleys that are not published: rows of `scheduled` and of `draft`. */
struct scheduled {
    int64_t id;
    int64_t account_id;
    int64_t due_ms;
    struct str draft; /* JSON: core/draft_json.h */
    int64_t app_id;
    int64_t created_ms;
};

struct saved_draft {
    int64_t id;
    int64_t account_id;
    int64_t version; /* 1, 2, ...: counts the saves */
    struct str draft;
    int64_t created_ms;
    int64_t updated_ms;
};
