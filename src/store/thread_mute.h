/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The table `thread_mute`: threads from which a member wants no notifications. */
enum err store_thread_mute_insert(struct ctx *c, int64_t account_id, int64_t thread_id) NODISCARD;
enum err store_thread_mute_delete(struct ctx *c, int64_t account_id, int64_t thread_id) NODISCARD;
enum err store_thread_mute_clear(struct ctx *c, int64_t account_id) NODISCARD; /* all of one who goes away */
