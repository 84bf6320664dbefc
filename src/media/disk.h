/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/file.h"

/* All that lies in the media folder: for the budget of the cache, for checks, and for what a kill left behind; or the
   pictures of link cards alone. */
struct media_found {
    const char *path;
    struct media_name name; /* hash.p == NULL: no file of ours; a write that was cut short, or an upload that waits */
    int64_t bytes;
    int64_t
        used_ms; /* when it was asked for last, to the hour; without an object store, when it was made, but for cards */
    bool is_waiting;
};
/* At most `limit`; *more: there are further ones. In no order. */
enum err media_disk_list(struct ctx *c, bool cards_alone, int64_t limit, struct media_found **out, int64_t *n,
                         bool *more) NODISCARD;

/* So much was written since it was asked last that the cache may be over its budget. */
bool media_disk_grew(struct ctx *c);
