/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "core/passkey.h"
#include "model/session.h"

/* What core/passkey.c and core/auth_passkey.c share. */

/* The text for whoever is refused; counted (parley_passkeys_refused_total). */
enum err passkey_refuse(struct ctx *c, enum webauthn_fault fault) NODISCARD;
/* The ticket of a challenge, if it was given to this browser and is good still. */
enum err passkey_ticket(struct ctx *c, enum ticket_kind kind, struct str challenge, struct str browser,
                        struct ticket **out) NODISCARD;
/* Gives e back. When it refuses, the ticket (NULL: none) is spent: a challenge is tried once. */
enum err passkey_spends(struct ctx *c, enum err e, const struct ticket *t) NODISCARD;
struct str passkey_ticket_text(struct ctx *c, const struct ticket *t, const char *key);
struct str passkey_claim(struct ctx *c, struct str credential); /* the value that stands for it in name_claim */
