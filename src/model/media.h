/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

#include "base/str.h"

enum media_purpose { MEDIA_AVATAR = 1, MEDIA_HEADER = 2 };

/* One member's use of a file; the file is named by the hash of its content. */
struct media {
    int64_t id;
    int64_t account_id;
    enum media_purpose purpose;
    struct str hash; /* BLAKE2b-256, hex */
    struct str type;
    int64_t bytes;
    int64_t width;
    int64_t height;
    int64_t created_ms;
};
