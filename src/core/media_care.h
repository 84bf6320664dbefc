/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Care of the media folder: the budget of the cache, what a kill left behind, and whether all is there. Walks all
   files; for the keeper, the sweep and the command line. */
#define MEDIA_CARE_MAX          1000000 /* files that one walk looks at */
#define MEDIA_CARE_YOUNG_MS     3600000 /* younger files may belong to a request that is under way */
#define MEDIA_CARE_WAITING_DAYS 2

struct media_disk {
    int64_t files;
    int64_t bytes;
    int64_t cached; /* of them what can be fetched again: pictures of link cards; with an object store, everything */
    int64_t budget; /* of what is cached; 0: no limit */
    int64_t gone;   /* files that were removed for it */
};
/* What can be fetched again goes, least recently asked for first, until the budget is kept; without an object store
   only that is looked at and counted. */
enum err media_disk_usage(struct ctx *c, struct media_disk *out) NODISCARD; /* removes nothing */
enum err media_trim(struct ctx *c, struct media_disk *out) NODISCARD;

struct media_checked {
    int64_t files;      /* on the disk */
    int64_t known;      /* rows */
    int64_t missing;    /* rows whose file is nowhere */
    int64_t orphans;    /* files that nothing uses, older than MEDIA_CARE_YOUNG_MS */
    int64_t removed;    /* of them, when asked to */
    struct str example; /* a hash of what is missing; p == NULL: nothing is */
};
/* max_age_ms: older files are taken for granted; 0: none is. */
enum err media_check(struct ctx *c, bool repair, int64_t max_age_ms, struct media_checked *out) NODISCARD;
