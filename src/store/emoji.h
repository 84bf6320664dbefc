/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/emoji.h"

/* The table custom_emoji: a reference table, the same on every shard. Read whole, when it changed and at start. */
#define EMOJIS_MAX 1000

enum err store_emoji_list(struct ctx *c, struct emoji **out, int64_t *n) NODISCARD; /* by shortcode; allocates *out */
enum err store_emoji_insert(struct ctx *c, const struct emoji *e) NODISCARD;        /* ERR_CONFLICT */
enum err store_emoji_set_enabled(struct ctx *c, struct str shortcode, bool enabled) NODISCARD;
enum err store_emoji_delete(struct ctx *c, struct str shortcode) NODISCARD;
