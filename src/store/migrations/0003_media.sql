-- SPDX-License-Identifier: Apache-2.0
-- Attachments of parleys. A row of media is what became of one upload: the file, and a small copy of it that stands for it in lists.

ALTER TABLE media ADD COLUMN state SMALLINT NOT NULL DEFAULT 1;      -- enum media_state
ALTER TABLE media ADD COLUMN kind SMALLINT NOT NULL DEFAULT 1;       -- enum media_kind
ALTER TABLE media ADD COLUMN status_id BIGINT NOT NULL DEFAULT 0;    -- the parley it is attached to
ALTER TABLE media ADD COLUMN expires_ms BIGINT NOT NULL DEFAULT 0;   -- goes by itself unless attached before; 0: stays
ALTER TABLE media ADD COLUMN description TEXT;                       -- the alternative text; NULL: none
ALTER TABLE media ADD COLUMN focus_x BIGINT NOT NULL DEFAULT 0;      -- -10000 .. 10000: ten thousandths from the middle, right and up
ALTER TABLE media ADD COLUMN focus_y BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN blurhash TEXT;
ALTER TABLE media ADD COLUMN preview_hash TEXT;                      -- NULL: none (sound without a cover)
ALTER TABLE media ADD COLUMN preview_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN preview_width BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN preview_height BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN duration_ms BIGINT NOT NULL DEFAULT 0;  -- of what moves or sounds
ALTER TABLE media ADD COLUMN frame_rate TEXT;                        -- "30/1"
ALTER TABLE media ADD COLUMN bitrate BIGINT NOT NULL DEFAULT 0;      -- bits a second
ALTER TABLE media ADD COLUMN seal @BLOB;                             -- while it waits: the key of the sealed upload, itself sealed
ALTER TABLE media ADD COLUMN problem TEXT;                           -- why it could not be read, for its owner
CREATE INDEX media_status ON media @ON(bucket, status_id) WHERE status_id > 0;
CREATE INDEX media_expires ON media @ON(bucket, expires_ms) WHERE expires_ms > 0;
CREATE INDEX media_preview ON media @ON(bucket, preview_hash) WHERE preview_hash IS NOT NULL;

-- The files themselves, once however often they are used: bucket = hash of the name (id_bucket_of). Who stores a use and who removes
-- what is not used any more both hold this row, so neither overtakes the other.
CREATE TABLE media_file (
    bucket INTEGER NOT NULL,
    hash TEXT NOT NULL,
    type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    away_ms BIGINT NOT NULL DEFAULT 0,            -- since when it is in the object store; 0: on the disk alone
    created_ms BIGINT NOT NULL,
    @KEY_ALL(bucket, hash)
) @SHARDED_KEYED;

ALTER TABLE status ADD COLUMN media TEXT NOT NULL DEFAULT '[]';         -- JSON ["id", ...] in their order
ALTER TABLE status_version ADD COLUMN media TEXT NOT NULL DEFAULT '[]'; -- JSON [{"id":"","description":""}]
