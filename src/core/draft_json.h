/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/status_draft.h"

/* A draft as text: how `scheduled` and `draft` hold it, and what the client API calls `params`. What was not said is
   null and stays unsaid. */
#define DRAFT_JSON_BYTES_MAX 65536

struct str draft_json(struct arena *a, const struct status_draft *d, int64_t app_id) NODISCARD;
/* On the arena. ERR_INTERNAL: the store holds what is no draft. */
enum err draft_from_json(struct ctx *c, struct str json, struct status_draft *out) NODISCARD;
