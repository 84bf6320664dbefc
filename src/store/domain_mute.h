/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* Servers of which a member does not want to hear, at the member. Any thread with c->db. */
struct domain_row {
    int64_t id; /* for pages */
    struct str domain;
};
enum err store_domain_mute_insert(struct ctx *c, int64_t account_id, struct str domain, bool *is_new) NODISCARD;
enum err store_domain_mute_delete(struct ctx *c, int64_t account_id, struct str domain) NODISCARD;
enum err store_domain_mute_count(struct ctx *c, int64_t account_id, int64_t *n) NODISCARD;
/* p->limit is taken as it is: pages of names are longer than others. */
enum err store_domain_mute_list(struct ctx *c, int64_t account_id, const struct page *p, struct domain_row **out,
                                int64_t *n) NODISCARD;
enum err store_domain_mute_clear(struct ctx *c, int64_t account_id) NODISCARD;
