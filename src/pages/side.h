/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* The cards at the right of a wide window: this server, and where to go. */
void side_put(struct visit *v);
