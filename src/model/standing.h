/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

#include "base/str.h"

/* How a member or a parley stands with the moderators. Every read and write path honours it (core/standing.h says how).
 */
enum standing_kind {
    STANDING_NORMAL = 0,
    STANDING_SENSITIVE = 1, /* media and text behind a warning */
    STANDING_LIMITED =
        2, /* only followers find it: not in public or tag timelines, search, nor notifications to strangers */
    STANDING_HELD = 3,      /* parley: hidden from all but author and moderators until judged */
    STANDING_REMOVED = 4,   /* parley: gone for all but moderators (recoverable) */
    STANDING_FROZEN = 5,    /* member: may read, may not write; nothing deleted */
    STANDING_SUSPENDED = 6, /* member: may not sign in; all of theirs is hidden */
};

struct standing {
    enum standing_kind kind;
    struct str reason;
    int64_t by; /* account; 0: the operator's command line */
    int64_t since_ms;
    int64_t until_ms; /* 0: until lifted */
};
