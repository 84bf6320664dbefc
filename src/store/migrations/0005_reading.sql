-- SPDX-License-Identifier: Apache-2.0
-- How members arrange what they read: lists, filters, tags, conversations, whom they recommend. All of it at the
-- member's own bucket.

CREATE TABLE list (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,                   -- whose it is
    title TEXT NOT NULL,
    replies SMALLINT NOT NULL DEFAULT 1,          -- enum list_replies
    exclusive SMALLINT NOT NULL DEFAULT 0         -- what its people write leaves home
) @SHARDED;
CREATE INDEX list_account ON list @ON(bucket, account_id, id);

CREATE TABLE list_member (
    bucket INTEGER NOT NULL,
    list_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,                   -- whose list it is
    id BIGINT NOT NULL,
    @KEY(bucket, list_id, target_id)
) @SHARDED_KEYED;
CREATE INDEX list_member_page ON list_member @ON(bucket, list_id, id);
CREATE INDEX list_member_target ON list_member @ON(bucket, account_id, target_id, list_id);

CREATE TABLE filter (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    contexts SMALLINT NOT NULL,                   -- enum filter_context bits
    action SMALLINT NOT NULL DEFAULT 0,           -- enum filter_action
    expires_ms BIGINT NOT NULL DEFAULT 0          -- 0: never
) @SHARDED;
CREATE INDEX filter_account ON filter @ON(bucket, account_id, id);

CREATE TABLE filter_keyword (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,
    filter_id BIGINT NOT NULL,
    keyword TEXT NOT NULL,
    whole_word SMALLINT NOT NULL DEFAULT 0
) @SHARDED;
CREATE INDEX filter_keyword_account ON filter_keyword @ON(bucket, account_id, id);

CREATE TABLE filter_status (
    bucket INTEGER NOT NULL,
    filter_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, filter_id, status_id)
) @SHARDED_KEYED;
CREATE INDEX filter_status_account ON filter_status @ON(bucket, account_id, id);

CREATE TABLE tag_follow (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    tag_id BIGINT NOT NULL,
    name TEXT NOT NULL,                           -- of the tag: its row stands at the hash of this
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, tag_id)
) @SHARDED_KEYED;
CREATE INDEX tag_follow_page ON tag_follow @ON(bucket, account_id, id);

CREATE TABLE tag_feature (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    tag_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, tag_id)
) @SHARDED_KEYED;
CREATE INDEX tag_feature_page ON tag_feature @ON(bucket, account_id, id);
CREATE INDEX tag_status_author ON tag_status @ON(bucket, tag_id, account_id, status_id); -- how often somebody used one

-- Direct parleys of one thread among the same people, as one of them sees it.
CREATE TABLE conversation (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    thread_id BIGINT NOT NULL,
    others TEXT NOT NULL,                         -- ids of the others, rising, between commas
    id BIGINT NOT NULL,
    last_status_id BIGINT NOT NULL,
    unread SMALLINT NOT NULL DEFAULT 0,
    @KEY(bucket, account_id, thread_id, others)
) @SHARDED_KEYED;
CREATE INDEX conversation_page ON conversation @ON(bucket, account_id, last_status_id);
CREATE INDEX conversation_id ON conversation @ON(bucket, account_id, id);

CREATE TABLE conversation_status (
    bucket INTEGER NOT NULL,
    conversation_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    @KEY(bucket, conversation_id, status_id)
) @SHARDED_KEYED;
CREATE INDEX conversation_status_of ON conversation_status @ON(bucket, account_id, status_id);

CREATE TABLE endorsement (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, target_id)
) @SHARDED_KEYED;
CREATE INDEX endorsement_page ON endorsement @ON(bucket, account_id, id);

CREATE TABLE domain_mute (                        -- servers that a member does not want to hear of
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    domain TEXT NOT NULL,
    id BIGINT NOT NULL,
    @KEY(bucket, account_id, domain)
) @SHARDED_KEYED;
CREATE INDEX domain_mute_page ON domain_mute @ON(bucket, account_id, id);

CREATE TABLE suggestion_dismissed (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    @KEY(bucket, account_id, target_id)
) @SHARDED_KEYED;

CREATE INDEX account_directory ON account @ON(bucket, id) WHERE discoverable = 1 AND active = 1;
