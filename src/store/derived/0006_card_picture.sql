-- SPDX-License-Identifier: Apache-2.0
-- Pictures of link cards: files named by their content, kept once for all cards that have them, and made anew like the rest.
ALTER TABLE derived.card ADD COLUMN picture TEXT NOT NULL DEFAULT ''; -- hash: the file's name; '': none
-- all shards: whether any card has a file is asked before it goes
CREATE INDEX @DERIVED_INDEX(card_picture, card) (picture) WHERE picture <> '';
