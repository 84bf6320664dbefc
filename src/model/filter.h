/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* What a member does not want to read: words, or single parleys, and where. */
enum filter_context {
    FILTER_NOWHERE = 0, /* asked for by id, or kept by the reader: nothing is left out */
    FILTER_HOME = 1,
    FILTER_NOTIFICATIONS = 2,
    FILTER_PUBLIC = 4,
    FILTER_THREAD = 8,
    FILTER_ACCOUNT = 16,
    FILTER_EVERYWHERE = 31,
};
enum filter_action {
    FILTER_WARN, /* behind its title */
    FILTER_HIDE, /* not at all */
    FILTER_BLUR, /* only the pictures are covered */
    FILTER_ACTIONS
};

/* A row of `filter`. */
struct filter {
    int64_t id;
    int64_t account_id;
    struct str title;
    unsigned contexts; /* enum filter_context bits */
    enum filter_action action;
    int64_t expires_ms; /* 0: never */
};

struct filter_keyword {
    int64_t id;
    int64_t filter_id;
    struct str keyword;
    bool whole_word;
};

struct filter_status {
    int64_t id;
    int64_t filter_id;
    int64_t status_id;
};

/* All of a member's. */
struct filters {
    struct filter *filters;
    struct filter_keyword *keywords;
    struct filter_status *statuses;
    int64_t filters_n, keywords_n, statuses_n;
};

#define FILTERS_MAX         100 /* of a member, as the next two */
#define FILTER_KEYWORDS_MAX 300
#define FILTER_STATUSES_MAX 300
#define FILTER_TITLE_MAX    256 /* graphemes */
#define FILTER_KEYWORD_MAX  100 /* graphemes */
