/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Who acts for the site: a moderator, or the operator at the command line, who is nobody and does not come from the
   network. Any thread. */
bool staff_is_operator(const struct ctx *c);
enum err staff_only(struct ctx *c) NODISCARD; /* ERR_FORBIDDEN */
/* Nobody acts on themselves or on somebody of their own role or a higher one; the operator on everybody. */
enum err staff_above(struct ctx *c, const struct account *subject) NODISCARD; /* ERR_FORBIDDEN */
