/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "model/status_draft.h"

/* The numbers are stored. */
enum import_kind {
    IMPORT_NONE = 0,
    IMPORT_FOLLOWING = 1,
    IMPORT_MUTES = 2,
    IMPORT_BLOCKS = 3,
    IMPORT_DOMAINS = 4,
    IMPORT_BOOKMARKS = 5,
    IMPORT_LISTS = 6,
    IMPORT_ARCHIVE = 15, /* not read yet: whose it is shows when it is */
    IMPORT_MASTODON = 16,
    IMPORT_X = 17,
};
enum import_state {
    IMPORT_WAITING = 0, /* an archive that is not read yet */
    IMPORT_RUNNING = 1,
    IMPORT_DONE = 2,
    IMPORT_FAILED = 3, /* `problems` says why */
    IMPORT_UNDOING = 4,
    IMPORT_UNDONE = 5,
    IMPORT_STOPPED = 6, /* by its member: what it brought stands, and can be taken back */
};

/* A row of `import`. */
struct import {
    int64_t id;
    int64_t account_id;
    enum import_kind kind;
    enum import_state state;
    bool overwrite;
    enum visibility visibility;
    struct str file_name;
    struct str text; /* p == NULL: none, or not any more */
    int64_t position;
    int64_t handled;
    int64_t total;
    int64_t added;
    int64_t skipped; /* there already */
    int64_t failed;
    struct str problems; /* a line each */
    int64_t placed_id;
    int64_t created_ms;
    int64_t ended_ms;
};

static inline bool import_is_open(const struct import *i)
{
    return i->state == IMPORT_WAITING || i->state == IMPORT_RUNNING || i->state == IMPORT_UNDOING;
}
