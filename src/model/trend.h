/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

#include "base/str.h"

/* What is talked about (feed/trends.h counts it, core/trend.h says what is shown). The numbers stand in the store. */
enum trend_kind { TREND_TAG, TREND_LINK, TREND_STATUS, TREND_ACCOUNT, TREND_KINDS };

#define TREND_LIST_MAX     200 /* of a kind that can be shown */
#define TREND_DAYS         7   /* of a history, today first */
#define TREND_LINK_PARLEYS 80  /* newest parleys with a link that are known by it */

struct trend_day {
    int64_t uses;
    int64_t people;
};

struct trend {
    int64_t id;      /* of a parley or account */
    struct str name; /* of a tag; a link's address */
    double heat;     /* grows with people, falls with time; compares within a kind */
    struct trend_day days[TREND_DAYS];
    int64_t statuses[TREND_LINK_PARLEYS]; /* of a link: newest first */
    int64_t statuses_n;
};

/* What a moderator said of a thing, or of all that an account writes. */
enum trend_verdict { TREND_OPEN = 0, TREND_APPROVED = 1, TREND_REJECTED = 2 };
