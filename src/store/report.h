/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/report.h"

/* The table `report`, at the bucket of whoever reports. Writes run inside the caller's transaction. Any thread. */
enum err store_report_insert(struct ctx *c, struct report *r) NODISCARD;             /* sets id */
enum err store_report_get(struct ctx *c, int64_t id, struct report **out) NODISCARD; /* ERR_NOT_FOUND */
/* Keeps the order of ids; NULL where there is none. out has room for n. */
enum err store_report_load(struct ctx *c, const int64_t *ids, int64_t n, struct report **out) NODISCARD;
/* Newest first. All shards: for moderators. */
enum err store_report_list(struct ctx *c, bool closed, const struct page *p, struct report ***out,
                           int64_t *n) NODISCARD;
/* False in *done: it was closed before. */
enum err store_report_close(struct ctx *c, int64_t id, int64_t by, struct str outcome, bool *done) NODISCARD;
