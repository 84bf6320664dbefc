/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Every counter of the store against a recount, every pair against its other side. How many rows break a rule; each
   rule that is broken is printed. */
int64_t recount_breaks(struct ctx *c);
