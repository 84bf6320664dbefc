/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/account.h"
#include "model/relation.h"
#include "pages/visit.h"

/* Lists of people with what one may do to each. */
struct people {
    struct account **who; /* NULL: not shown */
    struct relation *how; /* of c->me to each; NULL when nobody asks */
    int64_t n;
    int64_t list_id; /* with PEOPLE_LIST */
};
/* Accounts that c->me may see; id 0 gives none. */
enum err people_load(struct ctx *c, const int64_t *ids, int64_t n, struct people *out) NODISCARD;

enum people_kind { PEOPLE_FOLLOW, PEOPLE_SUGGESTED, PEOPLE_BLOCKS, PEOPLE_MUTES, PEOPLE_REQUESTS, PEOPLE_LIST };
void people_put(struct visit *v, const struct people *p, enum people_kind kind);
/* "Follow", "Unfollow" or "Take back the request", as it stands. */
void people_follow_button(struct visit *v, const struct relation *r);
