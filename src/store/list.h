/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/list.h"
#include "model/page.h"

/* The tables `list` and `list_member`: at their owner, known to nobody else. Writes run inside the caller's
   transaction. Any thread. */
enum err store_list_insert(struct ctx *c, struct list *l) NODISCARD; /* sets l->id */
enum err store_list_update(struct ctx *c, const struct list *l) NODISCARD;
enum err store_list_delete(struct ctx *c, const struct list *l) NODISCARD;
enum err store_list_find(struct ctx *c, int64_t account_id, int64_t id, struct list **out) NODISCARD; /* may be NULL */
/* All of a member's, oldest first, at most LISTS_MAX. */
enum err store_list_all(struct ctx *c, int64_t account_id, struct list *out, int64_t *n) NODISCARD;
/* Those that hold target_id. */
enum err store_list_of(struct ctx *c, int64_t account_id, int64_t target_id, struct list *out, int64_t *n) NODISCARD;

enum err store_list_member_insert(struct ctx *c, const struct list *l, int64_t target_id, int64_t id,
                                  bool *added) NODISCARD; /* id: of the row, for pages */
enum err store_list_member_delete(struct ctx *c, const struct list *l, const int64_t *targets, int64_t n) NODISCARD;
enum err store_list_member_count(struct ctx *c, int64_t list_id, int64_t *n) NODISCARD;
enum err store_list_members(struct ctx *c, int64_t list_id, const struct page *p, struct page_row **out,
                            int64_t *n) NODISCARD;
/* Takes target_id off all lists of account_id: who is not followed any more. */
enum err store_list_forget(struct ctx *c, int64_t account_id, int64_t target_id) NODISCARD;
enum err store_list_clear(struct ctx *c, int64_t account_id) NODISCARD; /* all of them */
