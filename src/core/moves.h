/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "store/moves.h"

/* Addresses (user@host) that c->me had before, and the one they went to. Said by the member and believed by nobody
   alone: servers compare both sides. A profile shows where its member went. Any thread with c->db. */
#define MOVES_MAX         10  /* former addresses */
#define MOVES_ADDRESS_MAX 320 /* bytes */

struct moves_wish {
    bool has_former;
    const struct str *former;
    size_t former_n;
    struct str moved_to; /* p == NULL: stays; empty: nowhere */
};
enum err moves_get(struct ctx *c, struct moves *out) NODISCARD;
/* ERR_INVALID for what is no address, and for one's own. */
enum err moves_set(struct ctx *c, const struct moves_wish *w, struct moves *out) NODISCARD;
