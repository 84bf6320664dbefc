/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "db/db.h"

/* How the statements of this room begin, step and end, so that a function shows its SQL, its values and its columns.
   Any thread. */

/* db_stmt, with the bucket of `id` bound to $1 and `id` to $2: the key of a row, or the owner of rows. */
enum err stmt_of(struct ctx *c, struct str sql, int64_t id, struct stmt **out) NODISCARD;

/* Runs one that needs no other value and gives no row. */
enum err stmt_run_of(struct ctx *c, struct str sql, int64_t id) NODISCARD;

/* Steps; true: there is a row to read. What fails returns from the function that says it, as with TRY:
   while (*n < limit && NEXT_ROW(c, st)) */
#define NEXT_ROW(c, st)                 \
    ({                                  \
        bool row_ = false;              \
        TRY(db_step((c), (st), &row_)); \
        row_;                           \
    })

/* The first column of the first row; 0: there is no row. */
enum err stmt_number(struct ctx *c, struct stmt *st, int64_t *out) NODISCARD;
/* The first column of each row, `max` rows at most. */
enum err stmt_ids(struct ctx *c, struct stmt *st, int64_t max, int64_t *out, int64_t *n) NODISCARD;
/* For a statement that gives no row: *wrote (may be NULL) says whether it changed any. */
enum err stmt_wrote(struct ctx *c, struct stmt *st, bool *wrote) NODISCARD;
