/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "core/passkey.h"
#include "pages/visit.h"

/* Forms that a small script fills in (assets/passkey.js): a browser hands out passkeys to nothing else. What needs it
   is hidden until the script runs, and a sentence says so meanwhile. */

/* Before layout_begin of a page that has any of the below. */
void passkeys_script(struct visit *v);
/* Between them: what only the script shows. The words stand there without it. */
void passkeys_open(struct visit *v, struct str without);
void passkeys_close(struct visit *v);
/* The sheet to ask for a passkey: of `keys`, or any that the device has (keys_n 0). `action`: /sign-in/... */
struct passkeys_ask {
    struct str action;
    struct str challenge;
    const struct passkey *keys;
    int64_t keys_n;
    bool alone;         /* no password came before: the device makes sure who holds it */
    bool now;           /* before the button is pressed */
    struct str words;   /* above the button */
    struct str without; /* instead, without the script */
    struct str next;
};
void passkeys_ask(struct visit *v, const struct passkeys_ask *ask);
/* What came back. */
struct webauthn_proof passkeys_proof(const struct visit *v);

/* The list on the page of the second factor, and the form to add one. */
enum err passkeys_put(struct visit *v) NODISCARD;
