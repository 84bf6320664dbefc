/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

/* What a site checks of a passkey (W3C Web Authentication Level 3, sections 7.1 and 7.2), signatures by libfido2. No
   store, no clock: whose challenge it was is for the caller to know (core/passkey.c). All input comes from strangers.
 */
#define WEBAUTHN_CREDENTIAL_MAX 1023 /* bytes, by the standard */
#define WEBAUTHN_ES256          (-7)
#define WEBAUTHN_EDDSA          (-8)
#define WEBAUTHN_RS256          (-257)

enum webauthn_fault {
    WEBAUTHN_FINE,
    WEBAUTHN_MALFORMED, /* not what the standard says, or made for something else */
    WEBAUTHN_CHALLENGE, /* not one of ours, used, too late, or of another browser */
    WEBAUTHN_ORIGIN,    /* another site's page asked for it */
    WEBAUTHN_RP_ID,     /* made for another site */
    WEBAUTHN_PRESENCE,  /* nobody was there, or nobody proved to be the owner of the device where that is needed */
    WEBAUTHN_ALGORITHM, /* a kind of key that is not offered */
    WEBAUTHN_SIGNATURE,
    WEBAUTHN_COUNTER, /* the count of signatures went back: there may be a copy */
    WEBAUTHN_UNKNOWN, /* nobody's key, or another member's */
    WEBAUTHN_FAULTS
};

/* Who we are to browsers, from the public address: its origin, and its host as the "relying party id". */
struct webauthn_site {
    struct str origin;
    struct str rp_id;
};
/* False: at such an address browsers have no passkeys (no https and not this machine, or no name). */
bool webauthn_site(struct arena *a, struct str base_url, struct webauthn_site *out);

/* The client data's challenge, to look it up by. False: it is no client data. */
bool webauthn_challenge(struct arena *a, struct str client, struct str *out);

struct webauthn_key {
    struct str credential; /* bytes */
    struct str public_key; /* as libfido2 keeps keys of that kind */
    int64_t algorithm;
    int64_t count; /* of signatures; 0: it does not count */
    bool synced;   /* its maker may copy it to other devices */
};
/* A new key: `client` and `attestation` as browsers give them, decoded. Attestation "none" is all we ask for; what is
   signed by the key itself, or by its maker, must be signed right, and no maker is trusted more than another. */
enum webauthn_fault webauthn_created(struct arena *a, const struct webauthn_site *site, struct str client,
                                     struct str attestation, struct webauthn_key *out);

struct webauthn_proof {
    struct str credential; /* base64url */
    struct str handle;     /* base64url; empty: not said */
    struct str client;     /* decoded, all three */
    struct str authenticator;
    struct str signature;
};
/* A signature by a key that is known. `verified`: the owner of the device must have proved to be that (a finger, a
 *PIN). count: of signatures now. */
enum webauthn_fault webauthn_signed(struct arena *a, const struct webauthn_site *site, const struct webauthn_proof *p,
                                    int64_t algorithm, struct str public_key, bool verified, int64_t *count);

/* base64url without padding (RFC 4648, section 5). False: it is not that. */
struct str webauthn_text(struct arena *a, struct str bytes) NODISCARD;
bool webauthn_bytes(struct arena *a, struct str text, struct str *out);
