/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* How db_migrate and db_migrate_derived (db/db.h) read a migration: one text, a few tokens that become what each engine
   needs. SQLite is never sharded, so its keys drop the bucket that PostgreSQL's keys begin with.

   Token                          SQLite                                   PostgreSQL
   @BUCKET_ID                     bucket INTEGER NOT NULL,                 bucket INTEGER NOT NULL, id BIGINT NOT NULL,
                                  id INTEGER PRIMARY KEY                   PRIMARY KEY (bucket, id)
   @KEY(bucket, a, b)             PRIMARY KEY (a, b)                       PRIMARY KEY (bucket, a, b)
   @KEY_ALL(bucket, kind, value)  PRIMARY KEY (bucket, kind, value)        the same
   @ON(bucket, a, b DESC)         (a, b DESC)                              (bucket, a, b DESC)
   @DERIVED_INDEX(name, table)    derived.name ON table                    name ON derived.table
   @SHARDED                       (nothing)                                PARTITION BY HASH (bucket), if partitioned
   @SHARDED_KEYED                 WITHOUT ROWID                            PARTITION BY HASH (bucket), if partitioned
   @BLOB                          BLOB                                     BYTEA

   - @KEY and @ON name the bucket first. @KEY is for tables whose other key columns make the row unique by themselves
     (ids hold their bucket); where the bucket is a part of what is unique, write @KEY_ALL.
   - @SHARDED and @SHARDED_KEYED stand between the closing parenthesis and the semicolon of CREATE TABLE. When
     partitioned, the partitions <table>_p0 .. _p3 follow.
   - Lines `-- @sqlite`, `-- @postgres` and `-- @both` say for which engine the lines after them are.
   - Types are INTEGER, SMALLINT, BIGINT, TEXT and @BLOB. Tables of derived.db are named derived.NAME everywhere; their
     indexes are made with `CREATE INDEX @DERIVED_INDEX(name, table) @ON(bucket, a);`.
   - Statements (db_stmt) know two tokens: @IN($n), see db_bind_ids, and @ON(...), the target of an upsert on a table
   with
     @KEY or @BUCKET_ID: `ON CONFLICT @ON(bucket, id) DO UPDATE ...`.
   - An unknown token is an error. */
#include "db/db.h"

/* The text of a migration for one engine. */
enum err migrate_expand(struct ctx *c, const struct db_migration *m, enum db_engine engine, bool partitioned,
                        struct str *out) NODISCARD;
