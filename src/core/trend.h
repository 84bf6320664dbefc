/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/card.h"
#include "core/status_page.h"
#include "core/tag.h"
#include "model/account.h"
#include "model/status.h"
#include "model/trend.h"

/* What many members talk about. Counted (feed/trends.h), by whom people see it once a day and thing: the tags and links
   of public parleys, and who likes, echoes or quotes one. Only what members of normal standing do who let themselves be
   found (discoverable). Shown are things that two people did on one day; of parleys, public ones that answer nobody and
   are not marked sensitive; never what is limited, held or removed, or of somebody who is.

   The setting `trends`: open (all of that but what a moderator rejected), reviewed (only what a moderator approved), or
   off. Counting goes on in each of them. */

/* --- told after a commit, as the feed is; nothing is written --- */
void trend_published(struct ctx *c, const struct status *s); /* by c->me */
void trend_edited(struct ctx *c, const struct status *was, const struct status *now);
void trend_removed(struct ctx *c, const struct status *s); /* or held, or its standing is not normal any more */
/* c->me likes, echoes or quotes it. */
void trend_reacted(struct ctx *c, int64_t status_id, int64_t author_id);
void trend_followed(struct ctx *c, int64_t follower_id, int64_t target_id);
void trend_account_gone(struct ctx *c, int64_t account_id);

/* --- lists, hottest first: by offset and limit, without what c->me does not want to see --- */
/* *more: the list goes on, even if nothing of this page is shown. */
enum err trend_tags(struct ctx *c, const struct page *ask, struct tag_info **out, int64_t *n, bool *more) NODISCARD;
enum err trend_statuses(struct ctx *c, const struct page *ask, struct status ***out, int64_t *n, bool *more) NODISCARD;
struct trend_link {
    struct str url;
    struct card card;
    struct trend_day days[TREND_DAYS];
};
enum err trend_links(struct ctx *c, const struct page *ask, struct trend_link **out, int64_t *n, bool *more) NODISCARD;
/* Accounts that were followed most lately, at most TREND_LIST_MAX; the caller judges them for c->me. */
enum err trend_accounts(struct ctx *c, int64_t **out, int64_t *n) NODISCARD;
/* The newest parleys with a link that trends now, TREND_LINK_PARLEYS at most; ERR_NOT_FOUND. */
enum err trend_link_timeline(struct ctx *c, struct str url, const struct page *p, struct status_page *out) NODISCARD;

/* --- moderators (core/trend_review.c). ERR_FORBIDDEN: staff_only --- */
struct trend_case {
    struct trend trend;
    enum trend_verdict verdict;
    enum trend_verdict author; /* of a parley: what was said of whoever wrote it */
    struct status *status;     /* of a parley */
    struct account *account;   /* of an account; of a parley, whoever wrote it */
};
/* All that could be shown, hottest first, rejected ones, too. */
enum err trend_cases(struct ctx *c, enum trend_kind kind, struct trend_case **out, int64_t *n) NODISCARD;
/* Of a tag or link by name, of a parley or account by id. ERR_NOT_FOUND: there is no such parley or account. */
enum err trend_judge(struct ctx *c, enum trend_kind kind, int64_t id, struct str name,
                     enum trend_verdict verdict) NODISCARD;
bool trend_kind_parse(struct str word, enum trend_kind *out); /* tag, link, parley, person; or in the plural */
struct str trend_kind_word(enum trend_kind kind);             /* "tag" */
struct str trend_verdict_word(enum trend_verdict v);          /* "open", "approved", "rejected" */

/* What outlives a restart. */
enum err trend_load(struct ctx *c) NODISCARD;
enum err trend_save(struct ctx *c) NODISCARD; /* Runs on: the keeper */
#define TREND_SAVE_MS  (INT64_C(60) * 1000)
#define TREND_SWEEP_MS (INT64_C(30) * 24 * 3600 * 1000) /* then nobody needs to know what was said of a parley */

/* For this room: what may be shown of `rows` (trends_top), with what was said of each; others are taken out. */
enum err trend_sift(struct ctx *c, enum trend_kind kind, const struct trend *rows, int64_t n, struct trend_case **out,
                    int64_t *out_n) NODISCARD;
bool trend_may_write(const struct account *a); /* what they do counts */
