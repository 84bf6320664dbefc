/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of (parley, account): whom each direct parley in the tails addresses. Guarded by the lock of the feed's graph.
 */
struct pair {
    int64_t status_id; /* 0: free */
    int64_t account_id;
};

struct pairs {
    struct pair *slots;
    size_t slots_n; /* a power of two; 0 before the first */
    size_t n;
};

void pairs_fini(struct pairs *p);
bool pairs_has(const struct pairs *p, int64_t status_id, int64_t account_id);
void pairs_add(struct pairs *p, int64_t status_id, int64_t account_id); /* once or again */
void pairs_trim(struct pairs *p, int64_t floor);                        /* forgets parleys below `floor` */
