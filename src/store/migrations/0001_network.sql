-- SPDX-License-Identifier: Apache-2.0
-- The everyday network. One text for SQLite and PostgreSQL; the @TOKENS are explained in db/migrate.h.
-- Every table that grows with members begins with its owner's bucket; the few marked "reference" are small and read everywhere.
-- Times are milliseconds since 1970, booleans 0 or 1, 0 in a reference to an id means none.

CREATE TABLE account (
    @BUCKET_ID,
    username TEXT NOT NULL,
    domain TEXT,                                  -- NULL: a member of this server
    display_name TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',                -- plain text
    fields TEXT NOT NULL DEFAULT '[]',            -- JSON [{"name":"","value":"","verified_ms":0}]
    avatar TEXT,                                  -- content hash in the media folder; NULL: the drawn one
    header TEXT,
    locked SMALLINT NOT NULL DEFAULT 0,
    bot SMALLINT NOT NULL DEFAULT 0,
    discoverable SMALLINT NOT NULL DEFAULT 1,
    indexable SMALLINT NOT NULL DEFAULT 0,
    hide_collections SMALLINT NOT NULL DEFAULT 0,
    role SMALLINT NOT NULL DEFAULT 0,             -- enum role
    standing SMALLINT NOT NULL DEFAULT 0,         -- enum standing
    standing_reason TEXT,
    standing_by BIGINT NOT NULL DEFAULT 0,
    standing_ms BIGINT NOT NULL DEFAULT 0,
    standing_until_ms BIGINT NOT NULL DEFAULT 0,  -- 0: until lifted
    active SMALLINT NOT NULL DEFAULT 0,           -- local: confirmed and approved; what is not active is not shown to others
    statuses_count BIGINT NOT NULL DEFAULT 0,
    followers_count BIGINT NOT NULL DEFAULT 0,
    following_count BIGINT NOT NULL DEFAULT 0,
    last_status_ms BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    deletion_ms BIGINT NOT NULL DEFAULT 0,        -- asked to be deleted: when it becomes real; 0: not asked
    uri TEXT,                                     -- remote accounts: their ActivityPub address; local ones derive it
    inbox_url TEXT,
    shared_inbox_url TEXT,
    public_key TEXT,                              -- PEM
    private_key @BLOB,                            -- sealed under the site's master key
    also_known_as TEXT NOT NULL DEFAULT '[]',
    moved_to_id BIGINT NOT NULL DEFAULT 0
) @SHARDED;
CREATE INDEX account_staff ON account @ON(bucket, role, id) WHERE role > 0;
CREATE INDEX account_standing ON account @ON(bucket, id) WHERE standing <> 0;
CREATE INDEX account_leaving ON account @ON(bucket, id) WHERE deletion_ms <> 0;
CREATE INDEX account_pending ON account @ON(bucket, id) WHERE active = 0;
CREATE INDEX account_updated ON account @ON(bucket, updated_ms); -- what the search index follows

-- What a local account has that nobody else may see. id = the account's.
CREATE TABLE member (
    @BUCKET_ID,
    email TEXT NOT NULL,
    password TEXT NOT NULL,                       -- argon2id
    confirmed_ms BIGINT NOT NULL DEFAULT 0,
    approved_ms BIGINT NOT NULL DEFAULT 0,
    reason TEXT,                                  -- why they want to join, where sign-up asks for it
    invite_id BIGINT NOT NULL DEFAULT 0,
    locale TEXT NOT NULL DEFAULT 'en',
    created_ip TEXT,
    totp_secret @BLOB,                            -- sealed; set while being set up, too
    totp_enabled SMALLINT NOT NULL DEFAULT 0,
    totp_step BIGINT NOT NULL DEFAULT 0,          -- the last time step accepted: a code works once
    recovery_codes TEXT NOT NULL DEFAULT '[]',    -- JSON list of hashes not yet used
    default_visibility SMALLINT NOT NULL DEFAULT 0,
    default_sensitive SMALLINT NOT NULL DEFAULT 0,
    default_language TEXT,
    seen_ms BIGINT NOT NULL DEFAULT 0             -- day on which they were last here
) @SHARDED;
CREATE INDEX member_waiting ON member @ON(bucket, id) WHERE approved_ms = 0;

-- What must be unique everywhere. bucket = hash of the value (id_bucket_of).
CREATE TABLE name_claim (
    bucket INTEGER NOT NULL,
    kind SMALLINT NOT NULL,                       -- enum claim
    value TEXT NOT NULL,
    id BIGINT NOT NULL,                           -- what claims it
    expires_ms BIGINT NOT NULL DEFAULT 0,         -- 0: never
    @KEY_ALL(bucket, kind, value)
) @SHARDED_KEYED;
CREATE INDEX name_claim_expires ON name_claim @ON(bucket, expires_ms) WHERE expires_ms > 0;

CREATE TABLE app (
    @BUCKET_ID,
    client_id TEXT NOT NULL,
    secret TEXT NOT NULL,                         -- hash
    name TEXT NOT NULL,
    website TEXT,
    redirect_uris TEXT NOT NULL,                  -- one a line
    scopes TEXT NOT NULL,
    created_ms BIGINT NOT NULL
) @SHARDED;

-- Access tokens and web sign-ins alike. Bucket of the account, or of the app when there is no account.
CREATE TABLE session (
    @BUCKET_ID,
    account_id BIGINT NOT NULL DEFAULT 0,         -- 0: client credentials
    app_id BIGINT NOT NULL DEFAULT 0,             -- 0: the pages
    hash TEXT NOT NULL,                           -- of the token or cookie
    scopes TEXT NOT NULL,                         -- as granted
    scope_bits BIGINT NOT NULL,                   -- the same as SCOPE_* bits
    created_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL,
    ip TEXT,
    user_agent TEXT
) @SHARDED;
CREATE INDEX session_account ON session @ON(bucket, account_id, id);

-- One-time secrets: authorization codes, confirmations, password resets, the owner's set-up link.
CREATE TABLE ticket (
    @BUCKET_ID,
    account_id BIGINT NOT NULL DEFAULT 0,
    kind SMALLINT NOT NULL,                       -- enum ticket_kind
    hash TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}',
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL DEFAULT 0
) @SHARDED;
CREATE INDEX ticket_expires ON ticket @ON(bucket, expires_ms);
CREATE INDEX ticket_account ON ticket @ON(bucket, account_id, kind);

CREATE TABLE invite (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    note TEXT,
    uses BIGINT NOT NULL DEFAULT 0,
    uses_max BIGINT NOT NULL DEFAULT 0,           -- 0: any number
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL DEFAULT 0
) @SHARDED;
CREATE INDEX invite_account ON invite @ON(bucket, account_id, id);

-- Relations between two accounts stand on both sides, written in one transaction. id orders the pages.
CREATE TABLE follow (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    reblogs SMALLINT NOT NULL DEFAULT 1,
    notify SMALLINT NOT NULL DEFAULT 0,
    languages TEXT,                               -- JSON list; NULL: all
    @KEY(bucket, account_id, target_id)
) @SHARDED_KEYED;
CREATE INDEX follow_page ON follow @ON(bucket, account_id, id);

CREATE TABLE follower (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    notify SMALLINT NOT NULL DEFAULT 0,           -- copy of the follower's wish, so that a publication finds whom to tell
    @KEY(bucket, account_id, source_id)
) @SHARDED_KEYED;
CREATE INDEX follower_page ON follower @ON(bucket, account_id, id);
-- Few ask to be told. The last two columns are there so that SQLite need not look at the row: otherwise it prefers to walk the key.
CREATE INDEX follower_notify ON follower @ON(bucket, account_id, source_id, notify, bucket) WHERE notify = 1;

CREATE TABLE follow_request (                     -- at the one who is asked
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    reblogs SMALLINT NOT NULL DEFAULT 1,
    notify SMALLINT NOT NULL DEFAULT 0,
    languages TEXT,
    @KEY(bucket, account_id, source_id)
) @SHARDED_KEYED;
CREATE INDEX follow_request_page ON follow_request @ON(bucket, account_id, id);

CREATE TABLE follow_asked (                       -- at the one who asks
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, target_id)
) @SHARDED_KEYED;

CREATE TABLE block (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, target_id)
) @SHARDED_KEYED;
CREATE INDEX block_page ON block @ON(bucket, account_id, id);

CREATE TABLE blocked_by (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    @KEY(bucket, account_id, source_id)
) @SHARDED_KEYED;

CREATE TABLE mute (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    notifications SMALLINT NOT NULL DEFAULT 1,
    until_ms BIGINT NOT NULL DEFAULT 0,           -- 0: for good
    @KEY(bucket, account_id, target_id)
) @SHARDED_KEYED;
CREATE INDEX mute_page ON mute @ON(bucket, account_id, id);

CREATE TABLE account_note (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    note TEXT NOT NULL,
    @KEY(bucket, account_id, target_id)
) @SHARDED_KEYED;

CREATE TABLE status (
    @BUCKET_ID,                                   -- bucket of the author
    account_id BIGINT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    spoiler TEXT NOT NULL DEFAULT '',
    sensitive SMALLINT NOT NULL DEFAULT 0,
    language TEXT,
    visibility SMALLINT NOT NULL,                 -- enum visibility
    in_reply_to_id BIGINT NOT NULL DEFAULT 0,
    in_reply_to_account_id BIGINT NOT NULL DEFAULT 0,
    thread_id BIGINT NOT NULL,                    -- the first parley of the thread; its own id when it is that
    reblog_of_id BIGINT NOT NULL DEFAULT 0,
    reblog_of_account_id BIGINT NOT NULL DEFAULT 0,
    app_id BIGINT NOT NULL DEFAULT 0,
    mentions TEXT NOT NULL DEFAULT '[]',          -- JSON [{"id":"","username":"","acct":""}]
    tags TEXT NOT NULL DEFAULT '[]',              -- JSON ["name", ...], normalised
    created_ms BIGINT NOT NULL,
    edited_ms BIGINT NOT NULL DEFAULT 0,
    standing SMALLINT NOT NULL DEFAULT 0,         -- enum standing
    standing_reason TEXT,
    standing_by BIGINT NOT NULL DEFAULT 0,
    standing_ms BIGINT NOT NULL DEFAULT 0,
    standing_until_ms BIGINT NOT NULL DEFAULT 0,
    replies_count BIGINT NOT NULL DEFAULT 0,
    reblogs_count BIGINT NOT NULL DEFAULT 0,
    favourites_count BIGINT NOT NULL DEFAULT 0,
    uri TEXT                                      -- remote parleys: their address
) @SHARDED;
CREATE INDEX status_author ON status @ON(bucket, account_id, id);
CREATE INDEX status_edited ON status @ON(bucket, edited_ms) WHERE edited_ms > 0; -- what the search index follows

-- The versions of an edited parley, the first included; none while it was never edited.
CREATE TABLE status_version (
    bucket INTEGER NOT NULL,
    status_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    text TEXT NOT NULL,
    spoiler TEXT NOT NULL,
    sensitive SMALLINT NOT NULL,
    mentions TEXT NOT NULL,
    tags TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    @KEY(bucket, status_id, version)
) @SHARDED_KEYED;

-- All of a thread in one place: bucket of the thread's first parley.
CREATE TABLE thread_status (
    bucket INTEGER NOT NULL,
    thread_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    parent_id BIGINT NOT NULL,
    @KEY(bucket, thread_id, status_id)
) @SHARDED_KEYED;

CREATE TABLE tag (
    bucket INTEGER NOT NULL,                      -- hash of the name; carried by the id
    name TEXT NOT NULL,                           -- normalised
    id BIGINT NOT NULL,
    @KEY_ALL(bucket, name)
) @SHARDED_KEYED;

CREATE TABLE tag_status (
    bucket INTEGER NOT NULL,
    tag_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    @KEY(bucket, tag_id, status_id)
) @SHARDED_KEYED;

CREATE TABLE reblog_of (                          -- at the parley that is echoed
    bucket INTEGER NOT NULL,
    status_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,                           -- the echo
    @KEY(bucket, status_id, account_id)
) @SHARDED_KEYED;
CREATE INDEX reblog_of_page ON reblog_of @ON(bucket, status_id, id);

CREATE TABLE reblog_by (                          -- at the one who echoes
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, status_id)
) @SHARDED_KEYED;

CREATE TABLE favourite_of (
    bucket INTEGER NOT NULL,
    status_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, status_id, account_id)
) @SHARDED_KEYED;
CREATE INDEX favourite_of_page ON favourite_of @ON(bucket, status_id, id);

CREATE TABLE favourite_by (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, status_id)
) @SHARDED_KEYED;
CREATE INDEX favourite_by_page ON favourite_by @ON(bucket, account_id, id);

CREATE TABLE bookmark (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, status_id)
) @SHARDED_KEYED;
CREATE INDEX bookmark_page ON bookmark @ON(bucket, account_id, id);
CREATE INDEX bookmark_status ON bookmark @ON(bucket, status_id); -- so that a deleted parley takes them with it

CREATE TABLE pin (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, status_id)
) @SHARDED_KEYED;

CREATE TABLE thread_mute (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    thread_id BIGINT NOT NULL,
    @KEY(bucket, account_id, thread_id)
) @SHARDED_KEYED;

CREATE TABLE notification (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,                   -- who is told
    type SMALLINT NOT NULL,                       -- enum notification_type
    from_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL DEFAULT 0,
    report_id BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL
) @SHARDED;
CREATE INDEX notification_page ON notification @ON(bucket, account_id, id);
CREATE INDEX notification_status ON notification @ON(bucket, status_id);
CREATE INDEX notification_from ON notification @ON(bucket, account_id, from_id);

CREATE TABLE marker (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    timeline SMALLINT NOT NULL,                   -- 0 home, 1 notifications
    last_read_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    @KEY(bucket, account_id, timeline)
) @SHARDED_KEYED;

-- Files are named by content hash; a row is one member's use of one.
CREATE TABLE media (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,
    purpose SMALLINT NOT NULL,                    -- enum media_purpose
    hash TEXT NOT NULL,
    type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
) @SHARDED;
CREATE INDEX media_account ON media @ON(bucket, account_id, id);
CREATE INDEX media_hash ON media @ON(bucket, hash);

CREATE TABLE report (
    @BUCKET_ID,                                   -- bucket of the one who reports
    account_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    status_ids TEXT NOT NULL DEFAULT '[]',
    rule_ids TEXT NOT NULL DEFAULT '[]',
    category SMALLINT NOT NULL DEFAULT 0,         -- enum report_category
    comment TEXT NOT NULL DEFAULT '',
    forward SMALLINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    closed_ms BIGINT NOT NULL DEFAULT 0,
    closed_by BIGINT NOT NULL DEFAULT 0,
    outcome TEXT
) @SHARDED;
CREATE INDEX report_open ON report @ON(bucket, closed_ms, id);
CREATE INDEX report_account ON report @ON(bucket, account_id, id);

-- Every change of a standing, of accounts and parleys, at the subject's bucket.
CREATE TABLE standing_log (
    @BUCKET_ID,
    subject_id BIGINT NOT NULL,
    is_status SMALLINT NOT NULL,
    standing SMALLINT NOT NULL,
    reason TEXT,
    by_id BIGINT NOT NULL DEFAULT 0,              -- 0: the operator at the command line
    created_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL DEFAULT 0
) @SHARDED;
CREATE INDEX standing_log_subject ON standing_log @ON(bucket, subject_id, id);

-- Work that must happen because something was stored. state 0 waiting, 1 dead letter.
CREATE TABLE job (
    @BUCKET_ID,
    kind SMALLINT NOT NULL,
    subject BIGINT NOT NULL,
    payload TEXT NOT NULL DEFAULT '',
    due_ms BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    state SMALLINT NOT NULL DEFAULT 0,
    error TEXT,
    created_ms BIGINT NOT NULL
) @SHARDED;
CREATE INDEX job_due ON job @ON(bucket, state, due_ms);

CREATE TABLE rule (                               -- reference
    id BIGINT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    hint TEXT NOT NULL DEFAULT '',
    place BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE setting (                            -- reference: what the people who run the community decide (core/site.h)
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
