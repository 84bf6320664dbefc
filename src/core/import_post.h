/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "media/unpacked.h"
#include "model/import.h"

/* One parley of an archive, as the helper wrote it down, becomes a row at its date: as c->me. Counts itself in *i; what
   is not taken is told there. */
#define IMPORT_ORDER_DICE 8 /* ids of what is of one moment lie so far apart, so that they cannot be guessed */

struct import_placed {
    int64_t id; /* 0: it was not taken */
};
enum err import_post(struct ctx *c, struct import *i, const struct unpacked *u, struct str json,
                     struct import_placed *out) NODISCARD;
