/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* All that a member has of one kind, from front to end in batches: for who takes their data along. Any thread. */
enum export_rows {
    EXPORT_ROWS_FOLLOW,    /* target_id, reblogs, notify, languages */
    EXPORT_ROWS_MUTE,      /* target_id, notifications */
    EXPORT_ROWS_BLOCK,     /* target_id */
    EXPORT_ROWS_DOMAIN,    /* text: the domain */
    EXPORT_ROWS_BOOKMARK,  /* target_id: a parley */
    EXPORT_ROWS_FAVOURITE, /* target_id: a parley */
    EXPORT_ROWS_STATUS,    /* id: what they wrote and echoed */
    EXPORT_ROWS_KINDS
};
struct export_row {
    int64_t id;
    int64_t target_id;
    bool first;
    bool second;
    struct str text;
};
/* Those with an id above `after`, rising, at most `limit`; out has room for them. */
enum err store_export_rows(struct ctx *c, enum export_rows kind, int64_t account_id, int64_t after, int64_t limit,
                           struct export_row *out, int64_t *n) NODISCARD;
