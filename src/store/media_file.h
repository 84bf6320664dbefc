/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/media.h"

/* The table `media_file`: the files, named by the hash of their content, at the bucket of that hash. Inside a
   transaction store_media_file_use and store_media_file_lock hold the row until its end. Files of before this table
   (0001) get their row when they are used again. */

/* Before a use is stored: makes the row or holds the one that is there. */
enum err store_media_file_use(struct ctx *c, const struct media_file *f) NODISCARD;
/* Before it is judged whether a file is still used. False in *exists: it has no row. */
enum err store_media_file_lock(struct ctx *c, struct str hash, struct media_file *out, bool *exists) NODISCARD;
enum err store_media_file_find(struct ctx *c, struct str hash, struct media_file *out, bool *exists) NODISCARD;
enum err store_media_file_set_away(struct ctx *c, struct str hash, int64_t away_ms) NODISCARD;
enum err store_media_file_delete(struct ctx *c, struct str hash) NODISCARD;

/* All shards, for the operator: by kind of file, how many and how many bytes. */
struct media_total {
    struct str type;
    int64_t files;
    int64_t bytes;
    int64_t away; /* of these, in the object store */
};
#define MEDIA_TOTALS_MAX 16
enum err store_media_file_totals(struct ctx *c, struct media_total *out, int64_t *n) NODISCARD;
/* All shards: a page of all files by hash, for checks. */
enum err store_media_file_page(struct ctx *c, struct str after, int64_t limit, struct media_file **out,
                               int64_t *n) NODISCARD;
