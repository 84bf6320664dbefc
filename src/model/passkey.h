/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* A public key of a member, whose other half some device of theirs holds (WebAuthn). */
struct passkey {
    int64_t id;
    int64_t account_id;
    struct str name;
    struct str credential; /* base64url */
    struct str handle;     /* base64url */
    int64_t algorithm;     /* COSE */
    struct str public_key; /* bytes */
    struct str transports; /* words, separated by spaces */
    int64_t sign_count;    /* 0: it does not count */
    bool synced;
    int64_t created_ms;
    int64_t used_ms; /* 0: never */
};
