/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* Rows of comma-separated values (RFC 4180) as strangers wrote them: lines end in LF, CRLF or CR, a quoted cell may
   hold any of them, what is left open ends with the text. A byte order mark in front and empty lines are skipped. */
#define CSV_CELLS_MAX 8 /* of a row; further ones are dropped */

struct csv_row {
    struct str cells[CSV_CELLS_MAX];
    size_t n;
};
/* Takes the next row off *rest, cells on the arena where they were quoted. False: there is none. */
bool csv_next(struct arena *a, struct str *rest, struct csv_row *out);
