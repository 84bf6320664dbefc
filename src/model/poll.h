/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define POLL_OPTIONS_MIN      2
#define POLL_OPTIONS_MAX      8  /* as many as the table has counters */
#define POLL_OPTION_CHARS_MAX 50 /* graphemes */
#define POLL_OPTION_BYTES_MAX 2000
#define POLL_SECONDS_MIN      300
#define POLL_SECONDS_MAX      2629746 /* a month */

/* A row of `poll`: the poll of the parley `status_id`, whose id is also the poll's. */
struct poll {
    int64_t status_id;
    struct str titles; /* JSON ["title", ...] */
    bool multiple;
    bool hide_totals; /* until it is over */
    int64_t expires_ms;
    int64_t round; /* counts up when the options change; votes of a former round do not count */
    int64_t voters_count;
    int64_t votes[POLL_OPTIONS_MAX];
};

/* A vote: a bit for each option. */
#define VOTE_BIT(option) (UINT32_C(1) << (option))
/* A vote and its round in one number; 0: none. */
#define VOTE_MARK(round, choices) ((uint32_t)(round) << POLL_OPTIONS_MAX | (uint32_t)(choices))
#define VOTE_ROUND(mark)          ((mark) >> POLL_OPTIONS_MAX)
#define VOTE_CHOICES(mark)        ((mark) & ((1U << POLL_OPTIONS_MAX) - 1))

/* What a client asks for. */
struct poll_draft {
    bool given;                /* false, in an edit: the poll stays as it is */
    const struct str *options; /* titles as they were sent */
    int64_t options_n;         /* 0: no poll */
    int64_t expires_s;         /* from now; 0, in an edit: the end stays as it is */
    bool multiple;
    bool hide_totals;
};
