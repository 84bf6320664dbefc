/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "base/ctx.h"
#include "model/page.h"
#include "model/report.h"

/* Reports: taken from members, read and closed by moderators (core/staff.h). Any thread with c->db. */
#define REPORT_COMMENT_MAX  1000 /* graphemes */
#define REPORT_STATUSES_MAX 50
#define REPORT_RULES_MAX    50
#define REPORT_SAME_MS      HOUR_MS

struct report_draft {
    int64_t target_id;
    const int64_t *status_ids; /* the target's, visible to c->me */
    int64_t status_ids_n;
    const int64_t *rule_ids; /* any makes it a violation */
    int64_t rule_ids_n;
    struct str category; /* "spam" ...; empty: other */
    struct str comment;
    bool forward;
};
struct str report_category_word(enum report_category category);

/* Stores it and tells the moderators (NOTE_ADMIN_REPORT), in one transaction. ERR_INVALID, ERR_NOT_FOUND. */
enum err report_file(struct ctx *c, const struct report_draft *d, struct report **out) NODISCARD;

/* For moderators and the operator. */
enum err report_list(struct ctx *c, bool closed, const struct page *p, struct report ***out, int64_t *n) NODISCARD;
enum err report_get(struct ctx *c, int64_t id, struct report **out) NODISCARD;
/* ERR_CONFLICT when it was closed before. The outcome is a sentence: what was decided and why. */
enum err report_close(struct ctx *c, int64_t id, struct str outcome) NODISCARD;
