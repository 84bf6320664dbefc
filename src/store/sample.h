/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* What the server knew of itself every five minutes: derived data, kept for SAMPLE_DAYS. */
#define SAMPLE_SLOT_MS   (INT64_C(5) * 60 * 1000)
#define SAMPLE_DAYS      30
#define SAMPLE_SLOTS_MAX (SAMPLE_DAYS * 24 * 12)

enum err store_sample_put(struct ctx *c, int64_t at_ms, struct str data) NODISCARD; /* opens its own transaction */
/* Those since then, oldest first; SAMPLE_SLOTS_MAX at most. */
enum err store_sample_list(struct ctx *c, int64_t since_ms, struct str **out, int64_t *n) NODISCARD;
