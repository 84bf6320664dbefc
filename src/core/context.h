/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/status.h"

/* A parley's thread as c->me may see it. Limits: members see CONTEXT_MAX each way, others what is quick to make. */
#define CONTEXT_MAX                   4096
#define CONTEXT_ANCESTORS_ANONYMOUS   40
#define CONTEXT_DESCENDANTS_ANONYMOUS 60
#define CONTEXT_SCAN_MAX              8192 /* answers of a thread that are looked at for descendants */
#define CONTEXT_SKEW_MS               10000 /* how much older than its parent an answer's id may be (other nodes' clocks) */

struct status_context {
    struct status **ancestors; /* the first parley of the thread first */
    int64_t ancestors_n;
    struct status **descendants; /* depth first; answers to one parley oldest first */
    int64_t descendants_n;
};
enum err status_context(struct ctx *c, int64_t id, struct status_context *out) NODISCARD;
