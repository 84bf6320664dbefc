/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The table activity_week: how much happened in a week, from Monday's midnight (UTC). */
#define ACTIVITY_WEEKS 12
struct activity {
    int64_t week_ms;
    int64_t statuses;
    int64_t logins; /* members who were here */
    int64_t registrations;
};
/* In a transaction of its own: statuses are added, the others are what they are now; they never fall. */
enum err store_activity_add(struct ctx *c, const struct activity *a) NODISCARD;
/* Newest first; out has room for ACTIVITY_WEEKS. */
enum err store_activity_list(struct ctx *c, int64_t since_ms, struct activity *out, int64_t *n) NODISCARD;
