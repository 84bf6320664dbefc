/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "store/activity.h"
#include "store/terms.h"

/* The terms of service: versions, each from a day on. What is or was in force stays on record; what is to come can be
   changed. Written by the owner and the operator. */
#define TERMS_TEXT_MAX 50000 /* graphemes */

struct terms_version {
    struct terms terms;
    bool effective;       /* in force now */
    int64_t succeeded_ms; /* day of the next version; 0: there is none */
};
/* Newest first; *out has TERMS_MAX at most. */
enum err terms_list(struct ctx *c, struct terms_version **out, int64_t *n) NODISCARD;
/* The version in force, else the next to come. ERR_NOT_FOUND: none was written. */
enum err terms_current(struct ctx *c, struct terms_version *out) NODISCARD;
enum err terms_of(struct ctx *c, struct str date, struct terms_version *out) NODISCARD; /* ERR_NOT_FOUND */
/* From `date` on ("2027-01-31"; empty: today). ERR_INVALID: no date, in the past, or no text. */
enum err terms_write(struct ctx *c, struct str text, struct str date) NODISCARD;
/* One that is to come. ERR_NOT_FOUND, ERR_INVALID: it is or was in force. */
enum err terms_remove(struct ctx *c, struct str date) NODISCARD;

/* How much happens in a week. `statuses`: published since the last call; the rest is as the site was counted last.
   Runs on: the keeper. */
enum err activity_keep(struct ctx *c, int64_t statuses) NODISCARD;
/* The last ACTIVITY_WEEKS, this one first; nothing is known of the time before this was counted: zeros. */
enum err activity_weeks(struct ctx *c, struct activity out[static ACTIVITY_WEEKS]) NODISCARD;
int64_t activity_week_of(int64_t ms); /* its Monday's midnight */
