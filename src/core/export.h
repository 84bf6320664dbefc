/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* What c->me takes along as CSV (RFC 4180), in the columns that other servers of this kind read. Written to a file
   without a name, a batch at a time, so that it costs the same memory however long it is. Any thread with c->db. */
enum export_file {
    EXPORT_FOLLOWING,
    EXPORT_MUTES,
    EXPORT_BLOCKS,
    EXPORT_DOMAINS,
    EXPORT_BOOKMARKS,
    EXPORT_LISTS,
    EXPORT_FILES
};
const char *export_file_name(enum export_file which); /* "following_accounts.csv" */
bool export_file_of(struct str name, enum export_file *out);
enum err export_csv(struct ctx *c, enum export_file which, int *fd, uint64_t *size) NODISCARD;
