/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/media.h"

/* Uses of files. Writes run inside the caller's transaction. */
enum err store_media_insert(struct ctx *c, struct media *m) NODISCARD; /* draws m->id */
/* One member's, newest first; purpose 0: any. Allocates *out. */
enum err store_media_list(struct ctx *c, int64_t account_id, int64_t purpose, int64_t limit, struct media **out,
                          int64_t *n) NODISCARD;
enum err store_media_delete(struct ctx *c, int64_t id) NODISCARD;
/* All shards: whether any row uses the file. For the job that removes files. */
enum err store_media_is_used(struct ctx *c, struct str hash, bool *used) NODISCARD;
