/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/relation.h"

/* Who follows whom: `follow` at the follower, `follower` at the followed. Both sides are written together, inside the
   caller's transaction, and the answer (*added, *removed) is what counters go by: of two at once one says true. Any
   thread. */
enum err store_follow_find(struct ctx *c, int64_t account_id, int64_t target_id,
                           struct follow **out) NODISCARD; /* NULL: none */
enum err store_follow_insert(struct ctx *c, const struct follow *f, bool *added) NODISCARD;
enum err store_follow_update(struct ctx *c, const struct follow *f) NODISCARD; /* reblogs, notify, languages */
/* Also takes the target off the lists of whoever followed it. */
enum err store_follow_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed) NODISCARD;
/* Whom account_id follows; who follows it. */
enum err store_follow_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                           int64_t *n) NODISCARD;
enum err store_follower_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                             int64_t *n) NODISCARD;
/* All that account_id follows, at most `limit`, in no order; `out` has room for it. */
enum err store_follow_ends(struct ctx *c, int64_t account_id, int64_t limit, int64_t *out, int64_t *n) NODISCARD;
/* Who of ids follows account_id, the smallest ids, at most `limit`; `out` has room for it. */
enum err store_follower_among(struct ctx *c, int64_t account_id, const int64_t *ids, int64_t ids_n, int64_t limit,
                              int64_t *out, int64_t *n) NODISCARD;

/* Who asks to follow: `follow_request` at the asked, `follow_asked` at the asker. */
enum err store_follow_request_find(struct ctx *c, int64_t account_id, int64_t target_id,
                                   struct follow **out) NODISCARD; /* NULL: none */
enum err store_follow_request_insert(struct ctx *c, const struct follow *f, bool *added) NODISCARD;
enum err store_follow_request_update(struct ctx *c, const struct follow *f) NODISCARD;
enum err store_follow_request_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed) NODISCARD;
/* Who asks account_id. */
enum err store_follow_request_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                                   int64_t *n) NODISCARD;
enum err store_follow_asked_count(struct ctx *c, int64_t account_id, int64_t *n) NODISCARD;

/* Takes at most `limit` pairs off an account that goes away, in both directions, requests too; *n pairs were taken.
   `others` (room for limit) are the other ends; in `sides` stands 1 for who was followed, -1 for who followed, 0 for
   who asked or was asked, or let go just before: for the counters. Call until *n is 0. */
enum err store_follow_sweep(struct ctx *c, int64_t account_id, int64_t limit, int64_t *others, int *sides,
                            int64_t *n) NODISCARD;
