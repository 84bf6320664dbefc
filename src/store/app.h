/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/session.h"

/* Registered client programs. Inserts run inside the caller's transaction. */
enum err store_app_insert(struct ctx *c, struct app *a) NODISCARD; /* draws a->id, claims a->client_id */
enum err store_app_find(struct ctx *c, int64_t id, struct app **out) NODISCARD;
enum err store_app_find_client(struct ctx *c, struct str client_id, struct app **out) NODISCARD; /* NULL: none */
