/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
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
    bool filtered; /* set aside by the reader's policy: a request to hear of somebody */
};

/* What a member decides about whom they hear of. The numbers are stored. */
enum notification_rule {
    RULE_NOT_FOLLOWING = 0,    /* people they do not follow */
    RULE_NOT_FOLLOWERS = 1,    /* people who do not follow them, or only just */
    RULE_NEW_ACCOUNTS = 2,     /* accounts that were just made */
    RULE_PRIVATE_MENTIONS = 3, /* direct parleys that answer nothing of theirs */
    RULE_LIMITED = 4,          /* people whom moderators limited */
    RULE_BOTS = 5,
};
#define NOTE_RULES 6
enum notification_verdict { HEAR_ACCEPT = 0, HEAR_FILTER = 1, HEAR_DROP = 2 };

struct notification_policy {
    enum notification_verdict of[NOTE_RULES];
};

/* Everything of one person that waits for the reader's decision. Its id is theirs. */
struct notification_request {
    int64_t from_id;
    int64_t n;
    int64_t created_ms;
    int64_t updated_ms;
    int64_t status_id; /* the newest parley it is about; 0: none */
};

/* How far a member has read. The numbers are stored. */
enum marker_timeline { MARKER_HOME = 0, MARKER_NOTIFICATIONS = 1 };
#define MARKERS 2

struct marker {
    int64_t last_read_id; /* 0: nothing yet */
    int64_t version;      /* how often it was set */
    int64_t updated_ms;   /* 0: never */
};
