/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Tokens, codes and links are random 256-bit texts (rand_token); the store keeps only their hash. */
struct str secret_hash(struct arena *a, struct str secret) NODISCARD; /* BLAKE2b-256, 64 hex digits */

/* Seals what must be kept readable for us alone (TOTP secrets, private keys) under the site's master key
   (XSalsa20-Poly1305, random nonce in front). */
struct str secret_seal(struct ctx *c, struct str plain) NODISCARD;
bool secret_open(struct ctx *c, struct str sealed, struct str *plain);
