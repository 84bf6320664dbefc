/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* Tabs of one of the member's lists; `at`: "", "people" or "edit". */
void list_tabs(struct visit *v, int64_t id, const char *at);
