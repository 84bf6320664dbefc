/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"

/* The texts that members get by e-mail: plain, short, in words people use. Each leaves a JOB_MAIL in the caller's
   transaction. Links end in a one-time secret; how long it works is said in the text. */
enum err mail_confirm(struct ctx *c, const struct account *a, struct str to, struct str secret) NODISCARD;
/* Somebody signed up with an address that belongs to a member already: the member is told, the stranger is not. */
enum err mail_already_member(struct ctx *c, const struct account *owner, struct str to) NODISCARD;
enum err mail_waiting(struct ctx *c, const struct account *a, struct str to) NODISCARD; /* for a moderator's approval */
enum err mail_approved(struct ctx *c, const struct account *a, struct str to) NODISCARD;
enum err mail_rejected(struct ctx *c, const struct account *a, struct str to) NODISCARD;
enum err mail_reset(struct ctx *c, const struct account *a, struct str to, struct str secret) NODISCARD;
/* `passkeys`: how many go on signing the member in. */
enum err mail_password_changed(struct ctx *c, const struct account *a, struct str to, int64_t passkeys) NODISCARD;
enum err mail_email_change(struct ctx *c, const struct account *a, struct str to, struct str secret) NODISCARD;
enum err mail_email_changed(struct ctx *c, const struct account *a, struct str to, struct str now) NODISCARD;
/* `others`: passkeys stay a second factor. */
enum err mail_totp_changed(struct ctx *c, const struct account *a, struct str to, bool enabled, bool others) NODISCARD;
enum err mail_passkey_added(struct ctx *c, const struct account *a, struct str to, struct str name) NODISCARD;
/* `alone`: the password signs in alone now. */
enum err mail_passkey_removed(struct ctx *c, const struct account *a, struct str to, struct str name,
                              bool alone) NODISCARD;
/* By the operator. */
enum err mail_factors_reset(struct ctx *c, const struct account *a, struct str to, bool alone) NODISCARD;
enum err mail_deletion_asked(struct ctx *c, const struct account *a, struct str to) NODISCARD;
