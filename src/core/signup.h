/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "model/invite.h"

/* Becoming a member. An e-mail address belongs to an account only once it is confirmed: whoever signs up with an
   address that is taken is told the same as everybody, and its owner gets a mail. So sign-up neither tells which
   addresses are known nor lets anybody hold one that is not theirs. Accounts that are not confirmed go after
   UNCONFIRMED_DAYS. */
#define UNCONFIRMED_DAYS   7
#define SIGN_UP_REASON_MAX 500 /* graphemes */

struct sign_up_form {
    struct str username;
    struct str email;
    struct str password;
    struct str reason;        /* asked for in approval mode */
    struct str invite;        /* code; p == NULL: none */
    struct str locale;        /* p == NULL: "en" */
    struct str date_of_birth; /* "2001-02-28"; compared with site->age_min and forgotten */
    bool of_age;              /* or: "I am at least N years old" was ticked */
    bool agreement;           /* the rules are accepted */
    bool indexable;           /* search may find what they write in public */
    bool by_api;              /* with site->testing: confirmed and approved at once */
};
/* Checks everything, creates the account, mails the link. ERR_INVALID with c->fields; ERR_FORBIDDEN (closed, with the
   site's reason), ERR_UNAVAILABLE (paused, read-only), ERR_TOO_MANY. Costs one password hash. */
enum err sign_up(struct ctx *c, const struct sign_up_form *f, struct account **out) NODISCARD;
/* Whether the reason is asked for, for this invitation (p == NULL: none). */
bool sign_up_asks_reason(const struct ctx *c, struct str invite);

/* The link of the mail, /confirm/SECRET. ERR_GONE when expired or used, ERR_CONFLICT when the address was confirmed for
   another account meanwhile. (*out)->active tells whether they may sign in now or wait for a moderator. */
enum err sign_up_confirm(struct ctx *c, struct str secret, struct account **out) NODISCARD;
/* c->me, not confirmed yet, wants the mail again, perhaps to another address (p == NULL: the same). ERR_FORBIDDEN when
   confirmed already. */
enum err sign_up_resend(struct ctx *c, struct str email) NODISCARD;

/* The queue of approval mode; c->me is a moderator, or the operator's command line (nobody, not from the network). */
struct waiting {
    struct account *account;
    struct member *member;
};
enum err sign_up_waiting(struct ctx *c, int64_t after_id, int64_t limit, struct waiting **out, int64_t *n) NODISCARD;
enum err sign_up_approve(struct ctx *c, int64_t id) NODISCARD;
enum err sign_up_reject(struct ctx *c, int64_t id) NODISCARD; /* the account is deleted */

/* Owner set-up: *secret of a new one-time link /setup/SECRET while there is no owner; p == NULL when there is one. Each
   start of the server and 'parley member owner-link' give one. */
#define SETUP_LASTS_MIN 60
enum err sign_up_setup_begin(struct ctx *c, struct str *secret) NODISCARD;
enum err sign_up_setup_check(struct ctx *c, struct str secret) NODISCARD; /* ERR_GONE: not or no longer good */
/* Username, e-mail address and password only; the account is owner, confirmed and active. */
enum err sign_up_setup(struct ctx *c, struct str secret, const struct sign_up_form *f, struct account **out) NODISCARD;

/* For the command line and demo data: an active account without mail, limits or modes. password_hash as password_hash()
 * made it. */
enum err sign_up_by_operator(struct ctx *c, const struct sign_up_form *f, struct str password_hash, enum role role,
                             struct account **out) NODISCARD;
