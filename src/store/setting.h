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

/* Figures of the whole site. Counted a slice at a time, so that no statement is long: begin with after_id 0 and zeroed
   figures, go on until *after_id is 0 again. */
#define SITE_COUNT_SLICE 20000 /* accounts */
struct site_counts {
    int64_t members;          /* local, active, not suspended */
    int64_t active_month;     /* seen in the last 30 days */
    int64_t active_half_year; /* in the last 182 */
    int64_t statuses;
    int64_t week_ms;     /* Monday of the week of the next two */
    int64_t active_week; /* seen in it */
    int64_t joined_week; /* made in it */
};
enum err store_site_count_slice(struct ctx *c, int64_t *after_id, struct site_counts *sum) NODISCARD;
/* Kept in derived data, so that a restart has figures at once. All 0 when there are none yet. */
enum err store_site_counts_load(struct ctx *c, struct site_counts *out) NODISCARD;
enum err store_site_counts_save(struct ctx *c,
                                const struct site_counts *counts) NODISCARD; /* opens its own transaction */
/* The newest id of anything that carries the site's clock forward; 0: an empty store. */
enum err store_newest_id(struct ctx *c, int64_t *out) NODISCARD;
