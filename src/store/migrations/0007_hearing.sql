-- SPDX-License-Identifier: Apache-2.0
-- What members want to hear of, and what the people who run the server tell everybody.

ALTER TABLE notification ADD COLUMN filtered SMALLINT NOT NULL DEFAULT 0; -- set aside by the reader's policy
CREATE INDEX notification_filtered ON notification @ON(bucket, account_id, from_id, id) WHERE filtered = 1;
DROP INDEX notification_status;
CREATE INDEX notification_status ON notification @ON(bucket, status_id, account_id, type, id); -- a group is one stretch of it

CREATE TABLE notification_rule (                  -- where a member's policy is not the usual one
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    rule SMALLINT NOT NULL,                       -- enum notification_rule
    verdict SMALLINT NOT NULL,                    -- enum notification_verdict
    @KEY(bucket, account_id, rule)
) @SHARDED_KEYED;

CREATE TABLE notification_permit (                -- whose request was accepted: heard whatever the policy says
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    from_id BIGINT NOT NULL,
    @KEY(bucket, account_id, from_id)
) @SHARDED_KEYED;

CREATE TABLE announcement (                       -- reference
    id BIGINT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,                           -- plain text
    starts_ms BIGINT NOT NULL DEFAULT 0,          -- of what it speaks of; 0: not said
    ends_ms BIGINT NOT NULL DEFAULT 0,            -- not shown any more from then on; 0: until taken down
    all_day SMALLINT NOT NULL DEFAULT 0,
    published_ms BIGINT NOT NULL,                 -- shown from then on
    updated_ms BIGINT NOT NULL
);

CREATE TABLE announcement_read (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    announcement_id BIGINT NOT NULL,
    @KEY(bucket, account_id, announcement_id)
) @SHARDED_KEYED;

CREATE TABLE announcement_reaction (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    announcement_id BIGINT NOT NULL,
    name TEXT NOT NULL,                           -- an emoji
    @KEY(bucket, account_id, announcement_id, name)
) @SHARDED_KEYED;

CREATE TABLE announcement_count (                 -- reference: how many reacted so
    announcement_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    n BIGINT NOT NULL,
    first_ms BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, name)
);

CREATE TABLE custom_emoji (                       -- reference
    shortcode TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,                           -- content hash in the media folder
    static_hash TEXT NOT NULL,                    -- the same when it does not move
    category TEXT NOT NULL DEFAULT '',
    enabled SMALLINT NOT NULL DEFAULT 1,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
