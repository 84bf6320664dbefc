/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>

#include "base/ctx.h"

/* Whether c->me has notifications that they have not looked at; false when it cannot be found out. */
bool news_waiting(struct ctx *c);
/* The same for conversations. */
bool talks_waiting(struct ctx *c);
