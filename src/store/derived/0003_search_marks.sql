-- SPDX-License-Identifier: Apache-2.0
-- Marks (core/search_query.h) beside the words, and what tells without the row whether somebody may find a parley. All of it is made anew.
-- @sqlite
DROP TABLE derived.fts_status;
CREATE VIRTUAL TABLE derived.fts_status USING fts5(words, marks, columnsize = 0,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
-- two segments of a level are merged whenever somebody asks for it (store_search_tidy)
INSERT INTO derived.fts_status (fts_status, rank) VALUES ('usermerge', 2);
CREATE TABLE derived.fts_fact (
    id INTEGER PRIMARY KEY,
    author BIGINT NOT NULL,
    is_public SMALLINT NOT NULL,
    length BIGINT NOT NULL,
    names TEXT NOT NULL
);
CREATE TABLE derived.search_author (
    id INTEGER PRIMARY KEY,
    is_open SMALLINT NOT NULL
);
-- @postgres
DROP TABLE derived.search_status;
CREATE TABLE derived.search_status (
    id BIGINT NOT NULL PRIMARY KEY,
    author BIGINT NOT NULL,
    is_public SMALLINT NOT NULL,                  -- its visibility
    length BIGINT NOT NULL,                       -- in words
    names TEXT NOT NULL,                          -- ids of the mentioned, between commas
    words TSVECTOR NOT NULL,
    marks TSVECTOR NOT NULL
);
CREATE INDEX search_status_words ON derived.search_status USING GIN (words);
CREATE INDEX search_status_marks ON derived.search_status USING GIN (marks);
CREATE TABLE derived.search_author (
    id BIGINT NOT NULL PRIMARY KEY,
    is_open SMALLINT NOT NULL                     -- strangers may find what they write in public
);
-- @both
DELETE FROM derived.search_tag;
DELETE FROM derived.progress WHERE part LIKE 'search~_%' ESCAPE '~';
