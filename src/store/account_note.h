/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The table `account_note`: what a member notes about another, for themselves alone. Inside the caller's transaction.
 */
enum err store_account_note_set(struct ctx *c, int64_t account_id, int64_t target_id, struct str note) NODISCARD;
enum err store_account_note_delete(struct ctx *c, int64_t account_id, int64_t target_id) NODISCARD;
enum err store_account_note_clear(struct ctx *c, int64_t account_id) NODISCARD; /* all of one who goes away */
