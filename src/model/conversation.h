/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* A row of `conversation`: direct parleys of one thread among the same people, as one of them sees it. */
struct conversation {
    int64_t id;
    int64_t account_id; /* whose it is */
    int64_t thread_id;
    struct str others; /* ",1,2,": ids of the others in rising order; ",": nobody but oneself */
    int64_t last_status_id;
    bool unread;
};
