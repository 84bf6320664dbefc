/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Which answers to others a list shows; answers to oneself and to its owner always stand in it. */
enum list_replies {
    LIST_REPLIES_FOLLOWED, /* to whom its owner follows: as home */
    LIST_REPLIES_LIST,     /* to its members */
    LIST_REPLIES_NONE,
    LIST_REPLIES_KINDS
};

/* A row of `list`. */
struct list {
    int64_t id;
    int64_t account_id;
    struct str title;
    enum list_replies replies;
    bool exclusive; /* what its members write leaves home */
};

#define LISTS_MAX        100 /* of a member */
#define LIST_MEMBERS_MAX 500
#define LIST_TITLE_MAX   100 /* graphemes */
