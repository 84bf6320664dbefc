/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/push.h"

/* The table `push_subscription`, at its member. Writes run inside the caller's transaction. Any thread. */
enum err store_push_set(struct ctx *c, const struct push_subscription *p) NODISCARD; /* in place of the token's last */
enum err store_push_find(struct ctx *c, int64_t account_id, int64_t session_id,
                         struct push_subscription **out) NODISCARD; /* NULL: none */
enum err store_push_list(struct ctx *c, int64_t account_id, struct push_subscription **out, int64_t *n) NODISCARD;
enum err store_push_has(struct ctx *c, int64_t account_id, bool *out) NODISCARD;
enum err store_push_delete(struct ctx *c, int64_t account_id, int64_t session_id) NODISCARD;
