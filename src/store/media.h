/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/media.h"

/* The table `media`: what members uploaded, each row one use of a file (two, with its small copy). Writes run inside
   the caller's transaction. The files' own rows: store/media_file.h. */
enum err store_media_insert(struct ctx *c, struct media *m) NODISCARD; /* draws m->id */
/* One member's, newest first; purpose 0: any. Allocates *out. */
enum err store_media_list(struct ctx *c, int64_t account_id, int64_t purpose, int64_t limit, struct media **out,
                          int64_t *n) NODISCARD;
enum err store_media_find(struct ctx *c, int64_t id, struct media **out) NODISCARD; /* NULL: none */
/* out has room for n; keeps the order of ids; what does not exist is NULL. One statement. */
#define MEDIA_LOAD_MAX 1024
enum err store_media_load(struct ctx *c, const int64_t *ids, int64_t n, struct media **out) NODISCARD;
/* All that is attached to a parley, those too that an edit left out. Allocates *out. */
enum err store_media_of_status(struct ctx *c, int64_t status_id, struct media **out, int64_t *n) NODISCARD;
/* All but id, account_id, purpose and created_ms. False in *changed: it is gone. */
enum err store_media_update(struct ctx *c, const struct media *m, bool *changed) NODISCARD;
enum err store_media_delete(struct ctx *c, int64_t id) NODISCARD;
/* All shards: whether any row, or a custom emoji, uses the file. For the job that removes files. */
enum err store_media_is_used(struct ctx *c, struct str hash, bool *used) NODISCARD;
/* Bytes of one member's files, and how many wait to be worked on. */
enum err store_media_usage(struct ctx *c, int64_t account_id, int64_t *bytes, int64_t *waiting) NODISCARD;
/* All shards: what expired unattached. For the job that sweeps. */
enum err store_media_expired(struct ctx *c, int64_t limit, int64_t **ids, int64_t *n) NODISCARD;
