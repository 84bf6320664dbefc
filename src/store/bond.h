/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>

#include "base/ctx.h"

/* What stands between one account and others, as far as reading and telling depend on it; for batches, one statement
   each. Any thread. */
struct bond {
    bool follows;
    bool blocks;
    bool blocked_by;
    bool mutes;
    bool mutes_notifications;
    bool mutes_domain; /* marked by core/domain_mute.h */
};
/* How reader_id stands to each of ids. out has room for n. */
enum err store_bond_load(struct ctx *c, int64_t reader_id, const int64_t *ids, int64_t n, struct bond *out) NODISCARD;

/* How each of ids stands to author_id, who is about to tell them something in a thread (0: none). */
struct hearing {
    struct bond bond; /* of the one who would be told, towards the author */
    bool mutes_thread;
};
enum err store_bond_hearing(struct ctx *c, int64_t author_id, int64_t thread_id, const int64_t *ids, int64_t n,
                            struct hearing *out) NODISCARD;

/* Followers of author_id who asked to be told of what it publishes, by rising id. out has room for limit. */
enum err store_bond_listeners(struct ctx *c, int64_t author_id, int64_t after_id, int64_t limit, int64_t *out,
                              int64_t *n) NODISCARD;
