-- SPDX-License-Identifier: Apache-2.0
-- Passkeys (WebAuthn): public keys that sign members in, at the member. What browsers call a key is claimed in name_claim by its hash.

CREATE TABLE passkey (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,
    name TEXT NOT NULL,                           -- the member's own word for it
    credential TEXT NOT NULL,                     -- base64url: what browsers call it
    handle TEXT NOT NULL,                         -- base64url, random: what it calls the member; one for all of a member's
    algorithm BIGINT NOT NULL,                    -- COSE: -7 ES256, -8 EdDSA, -257 RS256
    public_key @BLOB NOT NULL,                    -- as libfido2 keeps keys of that kind
    transports TEXT NOT NULL DEFAULT '',          -- words that browsers want back, separated by spaces
    sign_count BIGINT NOT NULL DEFAULT 0,         -- of the last signature; 0: it does not count
    synced SMALLINT NOT NULL DEFAULT 0,           -- its maker may copy it to other devices of the member
    created_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL DEFAULT 0             -- 0: never
) @SHARDED;
CREATE INDEX passkey_account ON passkey @ON(bucket, account_id, id);
