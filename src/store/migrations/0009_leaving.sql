-- SPDX-License-Identifier: Apache-2.0
-- Leaving and arriving: what members bring from elsewhere and what they take along.

ALTER TABLE account ADD COLUMN moved_to TEXT;               -- user@host, said by the member; NULL: nowhere
ALTER TABLE status ADD COLUMN imported SMALLINT NOT NULL DEFAULT 0; -- enum import_kind of the archive; 0: written here

-- A file that a member brings. `text` is a list until it is done with; an archive lies in the data folder.
CREATE TABLE import (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,                       -- enum import_kind
    state SMALLINT NOT NULL,                      -- enum import_state
    overwrite SMALLINT NOT NULL DEFAULT 0,        -- what is not in the list goes
    visibility SMALLINT NOT NULL DEFAULT 0,       -- of parleys: nothing becomes more public than this
    file_name TEXT NOT NULL DEFAULT '',
    text TEXT,
    position BIGINT NOT NULL DEFAULT 0,           -- where the next batch begins: a byte of the list, a row of the archive
    handled BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    added BIGINT NOT NULL DEFAULT 0,
    skipped BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    problems TEXT NOT NULL DEFAULT '',            -- a line each, the first ones
    placed_id BIGINT NOT NULL DEFAULT 0,          -- the newest parley of it so far
    created_ms BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL DEFAULT 0
) @SHARDED;
CREATE INDEX import_account ON import @ON(bucket, account_id, id);

-- What of an archive became which parley: none of it comes twice, and all of it can be taken back.
CREATE TABLE import_item (
    bucket INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    source TEXT NOT NULL,                         -- where it stood before
    import_id BIGINT NOT NULL,
    status_id BIGINT NOT NULL,
    @KEY(bucket, account_id, source)
) @SHARDED_KEYED;
CREATE INDEX import_item_import ON import_item @ON(bucket, import_id, status_id);

-- A member's own archive, made in the background and kept for a while.
CREATE TABLE archive (
    @BUCKET_ID,
    account_id BIGINT NOT NULL,
    state SMALLINT NOT NULL,                      -- enum archive_state
    handled BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    bytes BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    ready_ms BIGINT NOT NULL DEFAULT 0,
    expires_ms BIGINT NOT NULL DEFAULT 0          -- then the file goes
) @SHARDED;
CREATE INDEX archive_account ON archive @ON(bucket, account_id, id);
CREATE INDEX archive_expires ON archive @ON(bucket, expires_ms) WHERE expires_ms > 0;
