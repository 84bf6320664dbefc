-- SPDX-License-Identifier: Apache-2.0
-- Profiles that were written before it was kept whom they name (0012): a job each (JOB_PROFILE_NAMED) looks, so that their mentions are links, too.

-- @sqlite
INSERT INTO job (bucket, id, kind, subject, due_ms, created_ms)
    SELECT bucket, id, 9, id, CAST(strftime('%s', 'now') AS BIGINT) * 1000, CAST(strftime('%s', 'now') AS BIGINT) * 1000
    FROM account WHERE mentions = '[]' AND (note LIKE '%@%' OR fields LIKE '%@%')
    ON CONFLICT DO NOTHING;
-- @postgres
INSERT INTO job (bucket, id, kind, subject, due_ms, created_ms)
    SELECT bucket, id, 9, id, CAST(EXTRACT(EPOCH FROM now()) AS BIGINT) * 1000, CAST(EXTRACT(EPOCH FROM now()) AS BIGINT) * 1000
    FROM account WHERE mentions = '[]' AND (note LIKE '%@%' OR fields LIKE '%@%')
    ON CONFLICT DO NOTHING;
-- @both
