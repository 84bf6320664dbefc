/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Fields of a form that are refused, as the client API's "details" wants them: all of them at once, with a sentence.
   `code` is one of ERR_BLANK, ERR_INVALID, ERR_TAKEN, ERR_RESERVED, ERR_TOO_SHORT, ERR_TOO_LONG, ERR_ACCEPTED,
   ERR_BELOW_LIMIT, ERR_INCLUSION; `description` follows the field's name: "can't be blank". */
void refuse(struct ctx *c, struct str field, struct str code, struct str description);
/* OK when no field was refused, otherwise ERR_INVALID: "Validation failed: Username can't be blank, ..." */
enum err refused(struct ctx *c) NODISCARD;
