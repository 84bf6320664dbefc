/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <pthread.h>
#include <stdint.h>

#include "base/arena.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

int64_t clock_now_ms(void); /* wall clock, milliseconds since 1970; only the wiring calls it, rules read ctx.now_ms */
int64_t clock_monotonic_us(void); /* for measuring, and for what is due after a while: nobody steps it back */

/* A condition whose waits are not longer than they say when somebody steps the wall clock back. */
void clock_cond_init(pthread_cond_t *cond);
void clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *m, int64_t ms); /* ms at most; may wake for nothing */

struct str clock_iso(struct arena *a, int64_t ms) NODISCARD;  /* 2026-08-01T13:53:08.123Z (RFC 3339) */
struct str clock_date(struct arena *a, int64_t ms) NODISCARD; /* 2026-08-01 */
struct str clock_http(struct arena *a, int64_t ms) NODISCARD; /* Sat, 01 Aug 2026 13:53:08 GMT (RFC 9110) */
/* RFC 3339 with Z or an offset, fraction optional, or a plain date; false on anything else. */
bool clock_parse(struct str s, int64_t *ms);
