/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/import.h"

/* Archives of one's own parleys, from Mastodon and its kin and from X. Taken are one's own parleys and the threads that
   one answered oneself in, with their dates, pictures and videos; not echoes, not what was direct, not answers to
   others, who are not here. They stand on the profile, in search and under their tags at their dates, marked as
   imported, and in nobody's timeline; nobody is told. */
#define IMPORT_ARCHIVE_BYTES_MAX \
    (INT64_C(8) * 1024 * 1024 * 1024) /* that the operator may bring; by upload the request's */
#define IMPORT_POSTS_BATCH 25         /* parleys in one run of the job */
#define IMPORT_UNDO_BATCH  40

struct archive_wish {
    enum visibility visibility; /* nothing becomes more public than this */
    struct str file_name;
    struct str bytes;
    const char *path; /* of a file on this machine, instead of bytes; NULL: none */
};
enum err import_archive_add(struct ctx *c, const struct archive_wish *w, struct import **out) NODISCARD;
/* Takes back all that an import brought. ERR_INVALID while it is not done. */
enum err import_undo(struct ctx *c, int64_t id, struct import **out) NODISCARD;

enum err import_archive_step(struct ctx *c, struct import *i) NODISCARD;
