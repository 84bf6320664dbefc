/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* A row of `follow` or `follow_request`: who follows (or asks to), whom, and how. */
struct follow {
    int64_t account_id;
    int64_t target_id;
    bool reblogs;         /* their echoes, too */
    bool notify;          /* be told of each parley */
    struct str languages; /* JSON list; p == NULL: all */
};

struct mute {
    int64_t account_id;
    int64_t target_id;
    bool notifications; /* theirs are hidden, too */
    int64_t until_ms;   /* 0: for good */
};

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
    bool endorsed;
    bool domain_blocking; /* the target's server is muted */
    struct str note;
};
