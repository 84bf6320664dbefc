/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"

/* Private halves of local accounts. Writes run inside the caller's transaction. E-mail addresses are given as the claim
   holds them: lower case (core/signup.h). */

/* The id is the account's. The e-mail address is claimed when it is confirmed, not before: nobody can hold an address
   that is not theirs, and sign-up tells nobody which ones are taken. ERR_CONFLICT when m->confirmed_ms is set and it is
   taken. */
enum err store_member_insert(struct ctx *c, const struct member *m) NODISCARD;
enum err store_member_find(struct ctx *c, int64_t id, struct member **out) NODISCARD; /* NULL: none */
enum err store_member_get(struct ctx *c, int64_t id, struct member **out) NODISCARD;  /* ERR_NOT_FOUND */
enum err store_member_find_email(struct ctx *c, struct str email, struct member **out) NODISCARD;
enum err store_member_set_password(struct ctx *c, int64_t id, struct str password) NODISCARD;
/* Moves the claim too. ERR_CONFLICT when the new one is taken. */
enum err store_member_set_email(struct ctx *c, int64_t id, struct str from, struct str to) NODISCARD;
enum err store_member_set_unconfirmed(struct ctx *c, int64_t id, struct str email) NODISCARD; /* not claimed */
/* Claims the address. ERR_CONFLICT when another member has confirmed it. */
enum err store_member_set_confirmed(struct ctx *c, const struct member *m, int64_t confirmed_ms) NODISCARD;
enum err store_member_set_approved(struct ctx *c, int64_t id, int64_t approved_ms) NODISCARD;
/* default_*, locale */
enum err store_member_set_locale(struct ctx *c, int64_t id, struct str locale) NODISCARD;
/* totp_secret, totp_enabled, totp_step, recovery_codes */
enum err store_member_update_totp(struct ctx *c, const struct member *m) NODISCARD;
/* ERR_CONFLICT when this step or a later one was used already: of two requests with one code, one wins. */
enum err store_member_use_totp_step(struct ctx *c, int64_t id, int64_t step) NODISCARD;
/* ERR_CONFLICT when the codes are no longer `from`. */
enum err store_member_use_recovery(struct ctx *c, int64_t id, struct str from, struct str to) NODISCARD;
enum err store_member_set_seen(struct ctx *c, int64_t id, int64_t seen_ms) NODISCARD;
/* Confirmed and waiting for a moderator, longest waiting first; `out` has room for limit. All shards. */
enum err store_member_list_waiting(struct ctx *c, int64_t after_id, int64_t limit, struct member **out,
                                   int64_t *n) NODISCARD;
enum err store_member_delete(struct ctx *c, const struct member *m) NODISCARD;
