/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "model/emoji.h"

enum sign_up_mode { SIGN_UP_OPEN = 0, SIGN_UP_APPROVAL = 1, SIGN_UP_INVITE = 2, SIGN_UP_CLOSED = 3 };

/* What the server may do now. Entered by command or by cause, with reason and expected end; shown everywhere. */
enum site_mode { MODE_NORMAL = 0, MODE_READ_ONLY = 1, MODE_MODERATORS_ONLY = 2, MODE_SIGN_UPS_PAUSED = 3 };

/* What is talked about (core/trend.h): all of it, what moderators approved, or nothing is shown. */
enum trends_mode { TRENDS_OPEN = 0, TRENDS_REVIEWED = 1, TRENDS_OFF = 2 };

struct rule {
    int64_t id;
    struct str text;
    struct str hint;
};

/* The site as every unit of work sees it: configuration (main/config) and the community's own settings (table
   `setting`). A snapshot: immutable; a change makes a new one. */
struct site {
    /* configuration */
    struct str data_dir;
    struct str domain;            /* "harbour.example" or "localhost:8380": the part after @ and in links */
    struct str base_url;          /* "https://harbour.example", without a slash at the end */
    bool has_tls;                 /* a TLS listener of its own */
    bool testing;                 /* password grant, auto-confirmed API sign-up, no request limits */
    struct str mail_transport;    /* "smtp" or "log" */
    int64_t status_chars_max;     /* graphemes */
    int64_t sessions_max;         /* per member; the oldest is ended */
    int64_t passkeys_max;         /* per member */
    int64_t follows_max;          /* per member */
    int64_t deletion_days;        /* between asking and the end */
    struct str metrics_from;      /* addresses that may read /metrics */
    struct str metrics_token;     /* empty: none */
    unsigned char master_key[32]; /* seals secrets in the store */
    struct str media_helper;      /* path of parley-media */
    int64_t media_image_bytes;    /* of one upload */
    int64_t media_video_bytes;    /* likewise, of what moves or sounds */
    int64_t import_bytes;         /* of an archive that a member sends */
    int64_t media_quota_bytes;    /* of all files of one member; 0: no limit */
    int64_t media_cache_bytes;    /* of the disk for what the object store has, too; 0: no limit */
    struct str s3_endpoint;       /* empty: files lie on the disk alone */
    struct str s3_bucket;
    struct str s3_region;
    struct str s3_access_key;
    struct str s3_secret_key;
    struct str translate_url; /* empty: nothing is translated */
    struct str translate_key;
    /* of the store, made once (core/vapid.h) */
    struct str vapid_key;    /* DER, secret */
    struct str vapid_public; /* base64url: what apps subscribe with */
    /* settings */
    struct str title;
    struct str description; /* one sentence */
    struct str about;       /* plain text, paragraphs */
    struct str privacy;
    struct str contact_email;
    int64_t contact_account_id; /* 0: the owner */
    struct str languages;       /* comma-separated */
    enum sign_up_mode sign_up;
    struct str sign_up_reason; /* shown when closed */
    int64_t age_min;           /* years; 0: not asked */
    bool link_cards;           /* the pages behind links are read */
    enum trends_mode trends;
    const struct rule *rules;
    int64_t rules_n;
    struct emojis emojis; /* shared by snapshots */
    /* mode */
    enum site_mode mode;
    struct str mode_reason;
    int64_t mode_until_ms; /* expected end; 0: not known */
    bool disk_full;        /* the cause is the disk */
};
