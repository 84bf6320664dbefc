-- SPDX-License-Identifier: Apache-2.0
-- What a parley can hold beside its text: polls, quotes, a first link; and parleys that are not published yet.

ALTER TABLE status ADD COLUMN parts SMALLINT NOT NULL DEFAULT 0;        -- bits of enum status_part
ALTER TABLE status ADD COLUMN quote_policy SMALLINT NOT NULL DEFAULT 0; -- enum quote_policy
ALTER TABLE status ADD COLUMN reply_policy SMALLINT NOT NULL DEFAULT 0; -- enum reply_policy
ALTER TABLE status ADD COLUMN quotes_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE status_version ADD COLUMN poll TEXT;                        -- JSON ["title", ...]; NULL: none
ALTER TABLE status_version ADD COLUMN quoted_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN default_quote_policy SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN default_reply_policy SMALLINT NOT NULL DEFAULT 0;

-- One row holds all that a reading needs, whatever the number of voters. `round` counts up when the options change: votes of
-- a former round do not count.
CREATE TABLE poll (
    bucket INTEGER NOT NULL,
    status_id BIGINT NOT NULL,
    titles TEXT NOT NULL,                         -- JSON ["title", ...]
    multiple SMALLINT NOT NULL,
    hide_totals SMALLINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    round BIGINT NOT NULL DEFAULT 0,
    voters_count BIGINT NOT NULL DEFAULT 0,
    votes_0 BIGINT NOT NULL DEFAULT 0,
    votes_1 BIGINT NOT NULL DEFAULT 0,
    votes_2 BIGINT NOT NULL DEFAULT 0,
    votes_3 BIGINT NOT NULL DEFAULT 0,
    votes_4 BIGINT NOT NULL DEFAULT 0,
    votes_5 BIGINT NOT NULL DEFAULT 0,
    votes_6 BIGINT NOT NULL DEFAULT 0,
    votes_7 BIGINT NOT NULL DEFAULT 0,
    @KEY(bucket, status_id)
) @SHARDED_KEYED;

CREATE TABLE poll_vote_of (                       -- at the poll
    bucket INTEGER NOT NULL,
    status_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    choices BIGINT NOT NULL,                      -- a bit for each option
    round BIGINT NOT NULL,
    @KEY(bucket, status_id, account_id)
) @SHARDED_KEYED;

CREATE TABLE poll_vote_by (                       -- at the one who votes
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    choices BIGINT NOT NULL,
    round BIGINT NOT NULL,
    @KEY(bucket, account_id, status_id)
) @SHARDED_KEYED;

CREATE TABLE quote (                              -- at the parley that quotes
    bucket INTEGER NOT NULL,
    status_id BIGINT NOT NULL,
    quoted_id BIGINT NOT NULL,
    quoted_account_id BIGINT NOT NULL,
    state SMALLINT NOT NULL,                      -- enum quote_state
    @KEY(bucket, status_id)
) @SHARDED_KEYED;

CREATE TABLE quote_of (                           -- at the parley that is quoted: those whose quote is accepted
    bucket INTEGER NOT NULL,
    quoted_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    @KEY(bucket, quoted_id, status_id)
) @SHARDED_KEYED;

-- Parleys that wait for their time. Publishing one takes its row away in the same transaction.
CREATE TABLE scheduled (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    draft TEXT NOT NULL,                          -- JSON, see core/draft_json.h
    app_id BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL
) @SHARDED;
CREATE INDEX scheduled_account ON scheduled @ON(bucket, account_id, id);
CREATE INDEX scheduled_due ON scheduled @ON(bucket, account_id, due_ms);

-- Parleys that are being written. `version` counts the saves: who saves names the one they began from.
CREATE TABLE draft (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    draft TEXT NOT NULL,                          -- JSON, as in `scheduled`
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
) @SHARDED;
CREATE INDEX draft_account ON draft @ON(bucket, account_id, id);
