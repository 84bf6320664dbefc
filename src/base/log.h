/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

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

/* A request, with members of its own in the JSON line. The route is the row that took it, never what was asked for. */
struct log_request {
    struct str id;
    struct str method;
    struct str route;
    int status;
    int64_t us;
    int64_t waited_us; /* of it, for a worker */
    bool from_memory;
    int64_t unsaid; /* such lines that were left out before this one */
};
void log_request(enum log_level level, const char *text, const struct log_request *r);

/* The last warnings and errors, newest first, for the operator. */
#define LOG_RECENT_MAX 32
struct log_recent {
    int64_t ms;
    enum log_level level;
    char id[48];
    char text[208];
};
size_t log_recent(struct log_recent out[static LOG_RECENT_MAX]);
