-- SPDX-License-Identifier: Apache-2.0
-- What a profile says of its pictures, whom it names, what it shows, and which sites may name its member as author.

ALTER TABLE account ADD COLUMN mentions TEXT NOT NULL DEFAULT '[]';            -- of note and fields, as a status has them
ALTER TABLE account ADD COLUMN avatar_text TEXT NOT NULL DEFAULT '';           -- description for who does not see it
ALTER TABLE account ADD COLUMN header_text TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN hides SMALLINT NOT NULL DEFAULT 0;              -- bits of enum profile_hides
ALTER TABLE account ADD COLUMN attribution_domains TEXT NOT NULL DEFAULT '[]'; -- JSON list
