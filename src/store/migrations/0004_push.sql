-- SPDX-License-Identifier: Apache-2.0
-- Where a member's apps want to be told of notifications (web push), one for each token.
CREATE TABLE push_subscription (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,                   -- the token that asked for it, gone with it
    id BIGINT NOT NULL,                           -- as clients see it: some keep 32 bits
    endpoint TEXT NOT NULL,
    p256dh TEXT NOT NULL,                         -- base64url: the point that messages are encrypted for
    auth TEXT NOT NULL,                           -- base64url
    standard SMALLINT NOT NULL,                   -- RFC 8291; else the draft before it
    alerts BIGINT NOT NULL,                       -- bits 1 << enum notification_type
    policy SMALLINT NOT NULL,                     -- enum push_policy
    token @BLOB NOT NULL,                         -- sealed: the messages carry it, so that apps know whose they are
    created_ms BIGINT NOT NULL,
    @KEY(bucket, account_id, session_id)
) @SHARDED_KEYED;
