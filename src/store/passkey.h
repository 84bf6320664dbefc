/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/passkey.h"

/* The table `passkey`, at the bucket of the member. Writes run inside the caller's transaction. Any thread. */

/* Sets id. `claim` stands for the credential: ERR_CONFLICT when somebody has registered it. */
enum err store_passkey_insert(struct ctx *c, struct passkey *p, struct str claim) NODISCARD;
enum err store_passkey_find(struct ctx *c, int64_t id, struct passkey **out) NODISCARD;             /* NULL: none */
enum err store_passkey_find_claim(struct ctx *c, struct str claim, struct passkey **out) NODISCARD; /* NULL: none */
/* Of one member, oldest first. */
enum err store_passkey_list(struct ctx *c, int64_t account_id, int64_t limit, struct passkey **out,
                            int64_t *n) NODISCARD;
enum err store_passkey_rename(struct ctx *c, int64_t id, struct str name) NODISCARD;
/* A signature with this count. False in *counted: the count is not above the last one, and nothing is written. */
enum err store_passkey_use(struct ctx *c, const struct passkey *p, int64_t sign_count, bool *counted) NODISCARD;
enum err store_passkey_delete(struct ctx *c, const struct passkey *p, struct str claim) NODISCARD;
