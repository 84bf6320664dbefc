/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/status.h"

/* The table `status_version`: what an edited parley said and says, the first version included; at the parley's bucket.
 */
#define STATUS_VERSIONS_MAX 100 /* more edits are refused */

enum err store_status_version_count(struct ctx *c, int64_t status_id, int64_t *out) NODISCARD;
enum err store_status_version_insert(struct ctx *c, int64_t status_id, const struct status_version *v) NODISCARD;
/* Oldest first; none while it was never edited. */
enum err store_status_version_list(struct ctx *c, int64_t status_id, struct status_version **out, int64_t *n) NODISCARD;
enum err store_status_version_delete(struct ctx *c, int64_t status_id) NODISCARD; /* all of a parley */
