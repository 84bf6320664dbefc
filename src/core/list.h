/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/account_page.h"
#include "model/list.h"

/* Lists of c->me: people whom they follow (and themselves), read apart. Nobody else knows of them; another's list is
   ERR_NOT_FOUND. Who is not followed any more leaves them (store/follow.c). Any thread with c->db. */

/* What a list shall be; what is not said stays, or is as Mastodon has it. */
struct list_wish {
    struct str title; /* p == NULL: not said */
    int replies;      /* enum list_replies; -1: not said */
    int exclusive;    /* -1: not said */
};

enum err list_all(struct ctx *c, struct list **out, int64_t *n) NODISCARD; /* oldest first */
enum err list_get(struct ctx *c, int64_t id, struct list **out) NODISCARD;
enum err list_create(struct ctx *c, const struct list_wish *w, struct list *out) NODISCARD;
enum err list_update(struct ctx *c, int64_t id, const struct list_wish *w, struct list **out) NODISCARD;
enum err list_delete(struct ctx *c, int64_t id) NODISCARD;

enum err list_members(struct ctx *c, int64_t id, const struct page *p, struct account_page *out) NODISCARD;
/* All or none. ERR_NOT_FOUND: one is not followed; ERR_INVALID: one is in it already, or it is full. */
enum err list_add(struct ctx *c, int64_t id, const int64_t *targets, int64_t n) NODISCARD;
enum err list_drop(struct ctx *c, int64_t id, const int64_t *targets, int64_t n) NODISCARD;
/* Those of c->me's lists that hold somebody. */
enum err list_of(struct ctx *c, int64_t target_id, struct list **out, int64_t *n) NODISCARD;
