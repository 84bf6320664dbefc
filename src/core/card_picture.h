/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/card.h"

/* Pictures of link cards. They are decoded and made anew by the helper (media/run.h) like everything that strangers
   made, named by their content, and kept on this disk as long as the budget of what can be fetched again allows
   (core/media_care.h). */

/* From what a page's picture was fetched as. ERR_INVALID: not a picture, or too small to be one. No transaction may be
   open. */
enum err card_picture_make(struct ctx *c, struct str bytes, struct card_picture *out) NODISCARD;
bool card_picture_is_here(struct ctx *c, struct str hash);
/* *fd < 0: not here. */
enum err card_picture_open(struct ctx *c, struct str hash, int *fd, uint64_t *size) NODISCARD;
/* Unless a card has it. Opens a transaction on the derived store. */
enum err card_picture_remove(struct ctx *c, struct str hash) NODISCARD;
