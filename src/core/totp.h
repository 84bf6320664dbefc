/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>

#include "base/ctx.h"

/* Time-based one-time codes (RFC 6238: SHA-1, 6 digits, 30 s) by liboath, and the recovery codes beside them. */
#define TOTP_SECRET_BYTES 20
#define TOTP_STEP_S       30
#define TOTP_WINDOW       1 /* steps before and after, for clocks that differ */
#define RECOVERY_CODES    10

struct str totp_secret_new(struct arena *a);                     /* raw bytes */
struct str totp_secret_text(struct arena *a, struct str secret); /* base32, for typing */
/* otpauth://totp/... for authenticators */
struct str totp_uri(struct arena *a, struct str secret, struct str issuer, struct str account);
/* True when the code is that of a step near now and later than `last_step`; *step is that step. Spaces are dropped. */
bool totp_check(struct arena *a, struct str secret, struct str code, int64_t now_ms, int64_t last_step, int64_t *step);
/* The code of now: for tests and the command line. */
struct str totp_code(struct arena *a, struct str secret, int64_t now_ms);

/* Ten codes of 50 bits, like "k3vq4-t7pma". They are stored as a JSON list of hashes keyed with the site's master key:
   fifty bits alone could be searched by somebody who has the database only. */
void recovery_codes_new(struct ctx *c, struct str codes[RECOVERY_CODES]);
struct str recovery_codes_json(struct ctx *c, const struct str *codes, int64_t n);
/* True when `code` is one of them; *rest: the list without it. Case, spaces and dashes do not matter. */
bool recovery_code_take(struct ctx *c, struct str json, struct str code, struct str *rest);
