/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Blocking and muting, as c->me. May be asked twice. A block hides everything in both directions (core/visible.h) and
   ends what was between the two: follows, requests and what they told each other. A mute is known to whoever mutes
   alone. Any thread with c->db. */
#define MUTE_SECONDS_MAX INT64_C(315360000) /* ten years; more is for good */

/* ERR_FORBIDDEN for oneself; ERR_NOT_FOUND when there is no such account. Those who block c->me can be blocked, too. */
enum err block_add(struct ctx *c, int64_t target_id) NODISCARD;
enum err block_remove(struct ctx *c, int64_t target_id) NODISCARD;
/* seconds 0: for good. A second mute replaces the first. */
enum err mute_add(struct ctx *c, int64_t target_id, bool notifications, int64_t seconds) NODISCARD;
enum err mute_remove(struct ctx *c, int64_t target_id) NODISCARD;
