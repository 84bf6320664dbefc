/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* <time> with the exact moment in datetime and title. Times are UTC: without script the reader's zone is not known. */
void when_short(struct visit *v, int64_t ms);     /* 12 min, 3 h, 2 d, 4 Aug, 4 Aug 2024 */
void when_full(struct visit *v, int64_t ms);      /* 4 August 2026, 13:05 UTC */
struct str when_day(struct arena *a, int64_t ms); /* 4 August 2026 */
