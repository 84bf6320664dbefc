/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* The page of a failure: what happened and what to do. Asks the store nothing; drops what was written so far. */
void error_page(struct visit *v, int status);
