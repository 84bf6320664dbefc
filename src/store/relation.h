/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/relation.h"

/* How account_id stands to each of ids, in their order: one statement a table. out has room for n. Any thread. */
enum err store_relation_load(struct ctx *c, int64_t account_id, const int64_t *ids, int64_t n,
                             struct relation *out) NODISCARD;

/* Inside a transaction, before anything between two accounts is judged and changed: a second transaction between them
   waits here, so that a follow and a block at once do not both come true, nor wait for each other's rows for ever. Who
   changes several relations at once locks for all of them at once. On SQLite transactions take turns anyway. */
enum err store_relation_lock(struct ctx *c, int64_t a, int64_t b) NODISCARD;
enum err store_relation_lock_all(struct ctx *c, int64_t account_id, const int64_t *others, int64_t n) NODISCARD;
