/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/archive.h"

/* The table `archive`, at its member. Writes run inside the caller's transaction. Any thread. */
enum err store_archive_insert(struct ctx *c, struct archive *a) NODISCARD;              /* sets a->id */
enum err store_archive_find(struct ctx *c, int64_t id, struct archive **out) NODISCARD; /* NULL: none */
/* Newest first, at most `limit`; out has room for them. */
enum err store_archive_list(struct ctx *c, int64_t account_id, int64_t limit, struct archive *out,
                            int64_t *n) NODISCARD;
enum err store_archive_update(struct ctx *c, const struct archive *a) NODISCARD;
enum err store_archive_delete(struct ctx *c, int64_t id) NODISCARD;
/* All shards: those whose time is over. For the job that sweeps. */
enum err store_archive_expired(struct ctx *c, int64_t limit, int64_t *out, int64_t *n) NODISCARD;
