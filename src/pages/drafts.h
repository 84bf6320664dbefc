/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* Times in forms are UTC: without script the reader's zone is not known. */
bool when_parse(struct visit *v, struct str local, int64_t *ms); /* 2026-08-01T13:53 */
