/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum report_category { REPORT_OTHER = 0, REPORT_SPAM = 1, REPORT_LEGAL = 2, REPORT_VIOLATION = 3 };

struct report {
    int64_t id;
    int64_t account_id; /* who reports */
    int64_t target_id;
    struct str status_ids; /* JSON ["1"] */
    struct str rule_ids;   /* JSON ["1"] */
    enum report_category category;
    struct str comment;
    bool forward;
    int64_t created_ms;
    int64_t closed_ms; /* 0: open */
    int64_t closed_by;
    struct str outcome;
};
