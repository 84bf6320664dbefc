/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The table `pin`: which of their own parleys members show first on their page. */
#define PINS_MAX 5 /* per account */

enum err store_pin_insert(struct ctx *c, int64_t account_id, int64_t status_id, bool *added) NODISCARD;
enum err store_pin_delete(struct ctx *c, int64_t account_id, int64_t status_id, bool *removed) NODISCARD;
/* Last pinned first. out has room for PINS_MAX. */
enum err store_pin_list(struct ctx *c, int64_t account_id, int64_t *out, int64_t *n) NODISCARD;
