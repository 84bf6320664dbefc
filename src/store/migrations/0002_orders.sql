-- SPDX-License-Identifier: Apache-2.0
-- The order of everything, whoever's it is: the local timeline below what memory holds, the search index that follows what changed, the
-- directory, the start, the jobs that are due. SQLite has it already (its indexes have no bucket in front); here it was asked of each of 4,096 buckets. These
-- indexes do not begin with the bucket, so a shard is asked once, and all shards are: none of it is one member's request
-- (docs/decisions/0015). Nothing changes in any table.
-- @postgres
-- all shards: see above
CREATE INDEX status_order ON status (id);
-- all shards: see above
CREATE INDEX account_order ON account (id);
DROP INDEX status_edited;
-- all shards: see above
CREATE INDEX status_edited ON status (edited_ms) WHERE edited_ms > 0;
DROP INDEX account_updated;
-- all shards: see above
CREATE INDEX account_updated ON account (updated_ms);
DROP INDEX job_due;
-- all shards: see above
CREATE INDEX job_due ON job (state, due_ms);
-- @both
