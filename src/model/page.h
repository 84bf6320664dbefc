/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

/* One page of a list ordered by id, newest first in the answer. Bounds are exclusive, 0 is absent.
   max_id: older than; since_id: the newest page above; min_id: the page directly above. */
struct page {
    int64_t max_id;
    int64_t since_id;
    int64_t min_id;
    int64_t limit;
    int64_t offset; /* only where a list is ranked and not ordered by id */
};

/* A row of a list that pages by an internal id: follows, favourites, blocks ... */
struct page_row {
    int64_t row_id; /* what Link headers carry */
    int64_t id;     /* the account or status */
};
