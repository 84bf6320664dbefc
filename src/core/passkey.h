/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/auth.h"
#include "core/webauthn.h"
#include "model/passkey.h"

/* Passkeys (WebAuthn). Each is a second factor beside the password, and, where the device makes sure who holds it, a
   way in without one. A challenge is the secret of a ticket: 256 random bits, used once, bound to the browser that got
   it. */
#define PASSKEY_LASTS_MS  INT64_C(300000) /* a challenge */
#define PASSKEYS_LIST_MAX 100             /* c->site->passkeys_max is not more */

/* False: browsers have no passkeys at our public address. */
bool passkey_site(struct ctx *c, struct webauthn_site *out);
/* Of any member, oldest first. */
enum err passkey_of(struct ctx *c, int64_t account_id, struct passkey **out, int64_t *n) NODISCARD;

/* --- c->me's own --- */
enum err passkey_list(struct ctx *c, struct passkey **out, int64_t *n) NODISCARD;
enum err passkey_get(struct ctx *c, int64_t id, struct passkey **out) NODISCARD; /* ERR_NOT_FOUND */

struct passkey_setup {
    struct webauthn_site site;
    struct str challenge;
    struct str handle;    /* base64url: what the device will call the member; random, not the id */
    struct passkey *keys; /* that are there already: no device makes two */
    int64_t keys_n;
};
/* ERR_INVALID with c->fields password or name; ERR_INVALID when there are passkeys_max. */
enum err passkey_begin(struct ctx *c, struct str password, struct str name, struct passkey_setup *out) NODISCARD;
struct passkey_made {
    struct str name;
    struct str client; /* base64url, both */
    struct str attestation;
    struct str transports;
};
/* Within PASSKEY_LASTS_MS and the same session. The first second factor gives recovery codes, once: *coded. */
enum err passkey_add(struct ctx *c, const struct passkey_made *made, struct str codes[RECOVERY_CODES],
                     bool *coded) NODISCARD;
enum err passkey_rename(struct ctx *c, int64_t id, struct str name) NODISCARD;
/* With the last second factor the recovery codes go, too. */
enum err passkey_remove(struct ctx *c, int64_t id, struct str password) NODISCARD;
/* Inside the caller's transaction. */
enum err passkey_drop_all(struct ctx *c, int64_t account_id) NODISCARD;

/* --- signing in --- */
/* Without a password. `browser`: what only this browser holds; the answer must come with the same. */
enum err passkey_ask(struct ctx *c, struct str browser, struct str *challenge) NODISCARD;
/* `p` as browsers give it: all base64url. ERR_INVALID, ERR_GONE (too late, begin again), ERR_FORBIDDEN (suspended). */
enum err passkey_sign_in(struct ctx *c, struct str browser, const struct webauthn_proof *p, struct str user_agent,
                         struct sign_in *out) NODISCARD;
/* After the password: what the second step takes, and a passkey for it; the step's secret is the challenge. */
struct second_step {
    struct passkey *keys;
    int64_t keys_n;
    bool authenticator;
};
enum err passkey_step(struct ctx *c, struct str secret, struct second_step *out) NODISCARD;
enum err passkey_sign_in_step(struct ctx *c, struct str secret, const struct webauthn_proof *p, struct str user_agent,
                              struct sign_in *out) NODISCARD;

/* --- the operator --- */
enum err passkey_reset(struct ctx *c, const struct account *a, bool passkeys, bool authenticator) NODISCARD;
