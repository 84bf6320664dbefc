/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "model/poll.h"

enum visibility { VIS_PUBLIC = 0, VIS_UNLISTED = 1, VIS_PRIVATE = 2, VIS_DIRECT = 3 };

/* An attachment as a draft names it; of an edit, with what shall change of it. */
struct media_wish {
    int64_t id;
    struct str description; /* p == NULL: as it is */
    struct str focus;       /* "x,y"; p == NULL: as it is */
};

/* What a client asks to be published, or an edit. */
struct status_draft {
    struct str text;
    struct str spoiler;
    int sensitive;                  /* 0 or 1; -1: the member's default */
    struct str language;            /* p == NULL: the member's default */
    int visibility;                 /* enum visibility; -1: the member's default */
    int64_t in_reply_to_id;         /* 0: none */
    struct str idempotency_key;     /* p == NULL: none */
    const struct media_wish *media; /* NULL: none; of an edit, as they are */
    int64_t media_n;
    struct poll_draft poll;
    int64_t quoted_id;    /* 0: none */
    int quote_policy;     /* 1 + enum quote_policy; 0: the member's default */
    int reply_policy;     /* 1 + enum reply_policy; 0: the member's default */
    int64_t scheduled_id; /* of the row of `scheduled` that this publication takes away; 0: none */
};
