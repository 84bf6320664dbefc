/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Every statement that store/ can prepare; made from its sources by tools/sql_statements.py. */
struct sql_statement {
    const char *where; /* file:line */
    const char *text;
    bool all_shards; /* marked as one that is meant to reach everywhere */
};
extern const struct sql_statement sql_statements[];
extern const size_t sql_statements_count;
