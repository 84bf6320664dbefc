/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/attr.h"
#include "base/str.h"

/* Structured log: one JSON object a line on standard error, or a readable line when that is a terminal.
   Runs on: any thread. A line is one write(2), so lines never mix. */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level lowest);
void log_debug(struct str id, const char *fmt, ...) PRINTF(2, 3);
void log_info(struct str id, const char *fmt, ...) PRINTF(2, 3);
void log_warn(struct str id, const char *fmt, ...) PRINTF(2, 3);
void log_error(struct str id, const char *fmt, ...) PRINTF(2, 3);
