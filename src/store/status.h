/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/status.h"

/* The table `status`: parleys and echoes, at the bucket of their author. What hangs on a parley (versions, thread,
   tags, favourites ...) has its own file; core/status.c deletes all of it together. Writes run inside the caller's
   transaction. Any thread. */
#define STATUS_LOAD_MAX 8192 /* ids in one batch */

enum err store_status_insert(struct ctx *c, struct status *s) NODISCARD; /* sets id, and thread_id when it is 0 */
/* At s->id, or the next place that is free: for what comes with its date. */
enum err store_status_insert_at(struct ctx *c, struct status *s) NODISCARD;
enum err store_status_get(struct ctx *c, int64_t id,
                          struct status **out) NODISCARD; /* ERR_NOT_FOUND "Record not found" */
enum err store_status_find(struct ctx *c, int64_t id, struct status **out) NODISCARD; /* NULL: none */
/* out has room for n; keeps the order of ids; what does not exist is NULL. One statement. */
enum err store_status_load(struct ctx *c, const int64_t *ids, int64_t n, struct status **out) NODISCARD;
/* Text, spoiler, sensitive, language, mentions, tags, media, edited_ms, parts. ERR_NOT_FOUND when it is gone. */
enum err store_status_update(struct ctx *c, const struct status *s) NODISCARD;
enum err store_status_set_policy(struct ctx *c, const struct status *s) NODISCARD; /* who may quote and answer */
/* Also writes a row of standing_log. */
enum err store_status_set_standing(struct ctx *c, int64_t id, const struct standing *to) NODISCARD; /* ERR_NOT_FOUND */
/* The row alone. False in *deleted: it was gone already. */
enum err store_status_delete(struct ctx *c, int64_t id, bool *deleted) NODISCARD;

/* Inside a transaction: nobody else changes or deletes the row until it ends. False in *exists (may be
   NULL): it is gone. */
enum err store_status_lock(struct ctx *c, int64_t id, bool *exists) NODISCARD;

enum status_count { STATUS_REPLIES, STATUS_REBLOGS, STATUS_FAVOURITES, STATUS_QUOTES };
/* Adds delta and never goes below 0. False in *exists: the parley is gone; on PostgreSQL this waits for whoever deletes
 * it. */
enum err store_status_counted(struct ctx *c, int64_t id, enum status_count which, int64_t delta,
                              bool *exists) NODISCARD;

/* An author's page. The author's own and a follower's view differ in visibility_max. */
struct status_filter {
    int64_t account_id;
    enum visibility visibility_max; /* further parleys are given when they mention reader_id */
    int64_t reader_id;              /* 0: nobody */
    bool hidden_too;                /* held and removed ones */
    bool exclude_replies;           /* replies to oneself stay */
    bool exclude_reblogs;
    bool only_media;
    struct str tag; /* normalised; p == NULL: any */
};
enum err store_status_of_author(struct ctx *c, const struct status_filter *f, const struct page *p,
                                struct page_row **out, int64_t *n) NODISCARD;

/* Those of n parleys that answer parent_id answer nothing any more, only somebody: in_reply_to_account_id stays. */
enum err store_status_orphan(struct ctx *c, const int64_t *ids, int64_t n, int64_t parent_id) NODISCARD;

/* Many at once, for what goes away with something else: rows alone. */
enum err store_status_delete_many(struct ctx *c, const int64_t *ids, int64_t n) NODISCARD;
