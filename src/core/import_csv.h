/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/import.h"

/* How many rows a list has; -1: more than IMPORT_CSV_ROWS_MAX. */
int64_t import_csv_rows(struct ctx *c, struct str text);
/* The next batch of *i as c->me: moves it on, and to its end. */
enum err import_csv_step(struct ctx *c, struct import *i) NODISCARD;
