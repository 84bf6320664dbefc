/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/site.h"

/* Small reference tables: what the people who run the community decide. */
struct setting {
    struct str key;
    struct str value;
};
enum err store_setting_list(struct ctx *c, struct setting **out, int64_t *n) NODISCARD;
enum err store_setting_set(struct ctx *c, struct str key, struct str value) NODISCARD; /* inside a transaction */

#define RULES_MAX 100
enum err store_rule_list(struct ctx *c, struct rule **out, int64_t *n) NODISCARD;          /* in their order */
enum err store_rule_replace(struct ctx *c, const struct rule *rules, int64_t n) NODISCARD; /* inside a transaction */

/* Figures of the whole site, from the accounts. Slow on a large store: the caller keeps them (core/site.h). */
struct site_counts {
    int64_t members;      /* local, active, not suspended */
    int64_t active_month; /* seen in the last 30 days */
    int64_t active_half_year;
    int64_t statuses;
};
enum err store_site_counts(struct ctx *c, struct site_counts *out) NODISCARD;
/* The newest id of anything that carries the site's clock forward; 0: an empty store. */
enum err store_newest_id(struct ctx *c, int64_t *out) NODISCARD;
