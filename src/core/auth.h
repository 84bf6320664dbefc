/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/session.h"
#include "core/totp.h"
#include "model/account.h"

/* Proving who one is. Nothing here tells whether an account exists: the same words, the same time (one argon2id either
   way), the same limits. Every password check counts against the address, its prefix and the account. */
#define SECOND_STEP_LASTS_MS INT64_C(600000)  /* between password and code */
#define RESET_LASTS_MS       INT64_C(7200000) /* of a password link */
#define EMAIL_LASTS_MS       INT64_C(86400000)

/* --- signing in through the pages --- */
enum sign_in_step { SIGN_IN_DONE, SIGN_IN_NEEDS_CODE };
struct sign_in {
    enum sign_in_step step;
    struct str secret; /* done: of the session, for the cookie. needs code: of the second step, for sign_in_code and
                          passkey_sign_in_step (core/passkey.h) */
    struct account *account; /* done. Not active: not confirmed, waiting for approval, or deletion_ms is set: show that
                                page and offer to resend, wait, or account_deletion_cancel. */
};
/* `login`: user name (with or without @ and our domain) or e-mail address. ERR_INVALID with one text for every wrong
   pair; ERR_FORBIDDEN with the reason when the member is suspended; ERR_TOO_MANY; ERR_UNAVAILABLE (busy). */
enum err auth_sign_in(struct ctx *c, struct str login, struct str password, struct str user_agent,
                      struct sign_in *out) NODISCARD;
/* The second step: a code of the authenticator or a recovery code. ERR_GONE: too late, begin again. */
enum err auth_sign_in_code(struct ctx *c, struct str secret, struct str code, struct str user_agent,
                           struct sign_in *out) NODISCARD;
/* Session for somebody who just proved themselves otherwise: after sign_up and sign_up_setup. */
enum err auth_open(struct ctx *c, const struct account *a, struct str user_agent, struct str *secret) NODISCARD;
/* Only the check, for the password grant of site->testing. ERR_INVALID; two-factor members are refused. */
enum err auth_check(struct ctx *c, struct str login, struct str password, struct account **out) NODISCARD;
/* c->me types the password again before something that matters. ERR_INVALID with c->fields password ERR_INVALID. */
enum err auth_prove(struct ctx *c, struct str password) NODISCARD;

/* What every way in ends with: the right person, who may come in. ERR_FORBIDDEN with the reason when suspended. */
enum err auth_may_enter(struct ctx *c, const struct account *a) NODISCARD;
enum sign_in_by { SIGN_IN_BY_PASSWORD, SIGN_IN_BY_CODE, SIGN_IN_BY_PASSKEY };
/* Gives e back, and counts it (parley_sign_ins_total). */
enum err auth_counted(enum sign_in_by by, enum err e) NODISCARD;

/* --- password and address --- */
/* Ends all other sessions; mails a notice. */
enum err auth_password_change(struct ctx *c, struct str now, struct str wanted) NODISCARD;
/* OK whether or not there is such an account; the mail tells. /reset/SECRET. */
enum err auth_reset_ask(struct ctx *c, struct str email) NODISCARD;
enum err auth_reset_check(struct ctx *c, struct str secret) NODISCARD; /* ERR_GONE */
/* Ends all sessions. A two-factor member keeps the second factor, passkeys among them. */
enum err auth_reset(struct ctx *c, struct str secret, struct str password) NODISCARD;
/* The operator's way (command line): a link without a mail. */
enum err auth_reset_link(struct ctx *c, int64_t account_id, struct str *secret) NODISCARD;
/* Mails a link to the new address, /email/SECRET; the old one stays until it is opened. */
enum err auth_email_change(struct ctx *c, struct str password, struct str email) NODISCARD;
enum err auth_email_confirm(struct ctx *c,
                            struct str secret) NODISCARD; /* ERR_GONE; ERR_CONFLICT: belongs to another */

/* --- the second factor of c->me --- */
struct totp_setup {
    struct str secret_text; /* for typing */
    struct str uri;         /* otpauth:// */
};
enum err auth_totp_begin(struct ctx *c, struct str password, struct totp_setup *out) NODISCARD;
/* What auth_totp_begin gave, for showing the page again; ERR_NOT_FOUND when it was not begun. */
enum err auth_totp_pending(struct ctx *c, struct totp_setup *out) NODISCARD;
/* The first right code switches it on and gives the recovery codes, once. */
enum err auth_totp_enable(struct ctx *c, struct str code, struct str codes[RECOVERY_CODES]) NODISCARD;
/* The recovery codes stay while there are passkeys. */
enum err auth_totp_disable(struct ctx *c, struct str password) NODISCARD;
enum err auth_recovery_renew(struct ctx *c, struct str password, struct str codes[RECOVERY_CODES]) NODISCARD;
enum err auth_totp_state(struct ctx *c, bool *enabled, int64_t *recovery_left) NODISCARD;
