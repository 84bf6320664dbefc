/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The figures that are read off, not counted (base/metrics.h). Runs on: the keeper. */
struct server;
void gauges_read(struct server *s);             /* what memory and the system know: every second */
enum err gauges_count(struct ctx *c) NODISCARD; /* what the store must be asked for */
int64_t gauges_resident_bytes(void);            /* of memory that this process holds; 0: not known */
