/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "model/page.h"

/* Public halves of accounts. Everything that writes runs inside the caller's transaction; afterwards core tells the
 * feed. */

/* Draws a->id (a new bucket) and claims the name, and, of a local account, its skeleton: ERR_CONFLICT when the name or
   a look-alike is taken. `name` is folded ("anna", remote: "anna@harbour.example"); skeleton.p == NULL claims none. */
enum err store_account_insert(struct ctx *c, struct account *a, struct str name, struct str skeleton) NODISCARD;
/* In the order of ids; NULL where there is none. `out` has room for n. */
enum err store_account_load(struct ctx *c, const int64_t *ids, int64_t n, struct account **out) NODISCARD;
enum err store_account_find(struct ctx *c, int64_t id, struct account **out) NODISCARD; /* NULL: none */
enum err store_account_get(struct ctx *c, int64_t id, struct account **out) NODISCARD;  /* ERR_NOT_FOUND */
enum err store_account_find_name(struct ctx *c, struct str name, struct account **out) NODISCARD;

/* display_name, note, fields, avatar, header and the switches (locked ... hide_collections); updated_ms = now. */
enum err store_account_update_profile(struct ctx *c, const struct account *a) NODISCARD;
/* Whom note and fields name; changes nothing when they are no longer these. */
enum err store_account_set_mentions(struct ctx *c, const struct account *a) NODISCARD;
enum err store_account_set_active(struct ctx *c, int64_t id, bool active) NODISCARD;
enum err store_account_set_role(struct ctx *c, int64_t id, enum role role) NODISCARD;
/* Also writes a row of standing_log. */
enum err store_account_set_standing(struct ctx *c, int64_t id, const struct standing *s) NODISCARD;
enum err store_account_set_deletion(struct ctx *c, int64_t id, int64_t deletion_ms) NODISCARD; /* 0: not asked */
/* Adds to the counters (never below zero); last_status_ms only ever grows, 0 leaves it. What they are now goes into
 *now; NULL: not wanted. */
enum err store_account_count(struct ctx *c, int64_t id, int64_t statuses, int64_t followers, int64_t following,
                             int64_t last_status_ms, struct account *now) NODISCARD;
/* Inside a transaction: nobody else changes these rows until it ends. The smaller id first, whatever order they are
   given in, so that no two transactions wait for each other. On SQLite transactions take turns anyway. */
enum err store_account_lock(struct ctx *c, const int64_t *ids, int64_t n) NODISCARD;
/* One status less for each of ids: echoes that go with what they echo. */
enum err store_account_uncount_statuses(struct ctx *c, const int64_t *ids, int64_t n) NODISCARD;
enum err store_account_delete(struct ctx *c, const struct account *a, struct str name, struct str skeleton) NODISCARD;

enum account_list {
    ACCOUNTS_ALL,
    ACCOUNTS_STAFF,     /* moderator and above */
    ACCOUNTS_PENDING,   /* not active yet and not asked to be deleted */
    ACCOUNTS_STANDING,  /* any standing but normal */
    ACCOUNTS_DIRECTORY, /* active, discoverable, normal */
};
/* Local accounts, newest first, by page->max_id and limit; `out` has room for the limit. All shards: for the console
   and the directory. */
enum err store_account_list(struct ctx *c, enum account_list which, const struct page *p, struct account **out,
                            int64_t *n) NODISCARD;
/* ACCOUNTS_DIRECTORY by offset: ids alone, newest first; `out` has room for the limit. All shards. */
enum err store_account_directory(struct ctx *c, const struct page *p, int64_t *out, int64_t *n) NODISCARD;
/* The one with the highest role; NULL while there is no owner. All shards. */
enum err store_account_find_owner(struct ctx *c, struct account **out) NODISCARD;

/* How many wait for the account's answer to their wish to follow it. */
enum err store_account_requests(struct ctx *c, int64_t id, int64_t *n) NODISCARD;
