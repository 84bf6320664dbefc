/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* What a page says after something was done: ?said=WORD, a word of a fixed table, so that a link cannot put words into
   our mouth. */
void said_put(struct visit *v);
