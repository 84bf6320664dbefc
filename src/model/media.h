/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

#include "base/str.h"

/* The numbers are stored. */
enum media_purpose {
    MEDIA_AVATAR = 1,
    MEDIA_HEADER = 2,
    MEDIA_ATTACHMENT = 3,
    MEDIA_EMOJI = 4 /* no row in `media` */
};
enum media_state {
    MEDIA_WAITING = 0, /* the upload lies sealed until a job has made something of it */
    MEDIA_READY = 1,
    MEDIA_FAILED = 2,    /* `problem` says why */
    MEDIA_WITHDRAWN = 3, /* its parley was deleted: served to nobody, for its owner to use again */
};
enum media_kind { MEDIA_IMAGE = 1, MEDIA_GIFV = 2, MEDIA_VIDEO = 3, MEDIA_AUDIO = 4 };

#define MEDIA_FOCUS_ONE 10000 /* the edge, in the unit of focus_x and focus_y */

/* One member's use of a file; the file is named by the hash of its content. */
struct media {
    int64_t id;
    int64_t account_id;
    enum media_purpose purpose;
    enum media_state state;
    enum media_kind kind;
    struct str hash; /* BLAKE2b-256, hex; empty while it waits */
    struct str type;
    int64_t bytes;
    int64_t width;
    int64_t height;
    int64_t created_ms;
    int64_t status_id;      /* 0: not attached */
    int64_t expires_ms;     /* 0: stays */
    struct str description; /* p == NULL: none */
    int64_t focus_x;        /* MEDIA_FOCUS_ONE: the right edge */
    int64_t focus_y;        /* MEDIA_FOCUS_ONE: the upper edge */
    struct str blurhash;    /* p == NULL: none */
    struct str preview;     /* hash of the small copy, WebP; p == NULL: none */
    int64_t preview_bytes;
    int64_t preview_width;
    int64_t preview_height;
    int64_t duration_ms;
    struct str frame_rate; /* "30/1"; p == NULL: does not move */
    int64_t bitrate;
    struct str seal;    /* of the waiting upload; p == NULL: none */
    struct str problem; /* p == NULL: none */
};

/* A file, however many use it. */
struct media_file {
    struct str hash;
    struct str type;
    int64_t bytes;
    int64_t away_ms; /* since when the object store has it; 0: not */
};
