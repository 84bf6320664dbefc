/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* How one account (the asker) stands to another. */
struct relation {
    int64_t target_id;
    bool following;
    bool showing_reblogs;
    bool notifying;
    struct str languages; /* JSON list; p == NULL: all */
    bool followed_by;
    bool requested;    /* the asker asked to follow */
    bool requested_by; /* the target asked to follow the asker */
    bool blocking;
    bool blocked_by;
    bool muting;
    bool muting_notifications;
    int64_t mute_until_ms; /* 0: for good */
    struct str note;
};
