/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

enum notification_type {
    NOTE_MENTION = 1,
    NOTE_STATUS = 2, /* somebody one asked to be told about published */
    NOTE_REBLOG = 3,
    NOTE_FOLLOW = 4,
    NOTE_FOLLOW_REQUEST = 5,
    NOTE_FAVOURITE = 6,
    NOTE_POLL = 7,
    NOTE_UPDATE = 8, /* a parley one echoed was edited */
    NOTE_ADMIN_SIGN_UP = 9,
    NOTE_ADMIN_REPORT = 10,
    NOTE_SEVERED = 11,
    NOTE_MODERATION_WARNING = 12,
    NOTE_QUOTE = 13,
    NOTE_QUOTED_UPDATE = 14,
};
#define NOTE_TYPES_MAX 15

struct notification {
    int64_t id;
    int64_t account_id;
    enum notification_type type;
    int64_t from_id;
    int64_t status_id; /* 0: none */
    int64_t report_id;
    int64_t created_ms;
};

/* How far a member has read. The numbers are stored. */
enum marker_timeline { MARKER_HOME = 0, MARKER_NOTIFICATIONS = 1 };
#define MARKERS 2

struct marker {
    int64_t last_read_id; /* 0: nothing yet */
    int64_t version;      /* how often it was set */
    int64_t updated_ms;   /* 0: never */
};
