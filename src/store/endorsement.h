/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* Whom a member recommends on their page, at the member. A row goes with the follow (store/follow.c). Any thread with
   c->db. */
enum err store_endorsement_insert(struct ctx *c, int64_t account_id, int64_t target_id, bool *added) NODISCARD;
enum err store_endorsement_delete(struct ctx *c, int64_t account_id, int64_t target_id) NODISCARD;
enum err store_endorsement_count(struct ctx *c, int64_t account_id, int64_t *n) NODISCARD;
enum err store_endorsement_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                                int64_t *n) NODISCARD;
