-- SPDX-License-Identifier: Apache-2.0
-- Full-text search (store/search.h). `words` is what search_index_text (core/words.h) makes of the texts.
-- @sqlite
CREATE VIRTUAL TABLE derived.fts_status USING fts5(words, author, columnsize = 0,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
CREATE VIRTUAL TABLE derived.fts_account USING fts5(words, columnsize = 0, prefix = '1 2 3',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
CREATE TABLE derived.search_tag (
    name TEXT NOT NULL PRIMARY KEY,
    uses BIGINT NOT NULL
) WITHOUT ROWID;
-- @postgres
CREATE TABLE derived.search_status (
    id BIGINT NOT NULL PRIMARY KEY,
    author BIGINT NOT NULL,
    words TSVECTOR NOT NULL
);
CREATE INDEX search_status_words ON derived.search_status USING GIN (words);
CREATE INDEX search_status_author ON derived.search_status (author, id);
CREATE TABLE derived.search_account (
    id BIGINT NOT NULL PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX search_account_words ON derived.search_account USING GIN (words);
CREATE TABLE derived.search_tag (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    uses BIGINT NOT NULL
);
-- @both
