/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* The tabs of the owner's pages; `at`: the path of this one. */
void community_tabs(struct visit *v, const char *at);
