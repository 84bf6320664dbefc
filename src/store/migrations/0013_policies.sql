-- SPDX-License-Identifier: Apache-2.0
-- Default policies stand with the account, which whoever posts has in memory: a post reads no member for them.

ALTER TABLE account ADD COLUMN default_quote_policy SMALLINT NOT NULL DEFAULT 0; -- 1 + enum quote_policy; 0: never chosen
ALTER TABLE account ADD COLUMN default_reply_policy SMALLINT NOT NULL DEFAULT 0; -- enum reply_policy
UPDATE account SET default_quote_policy = m.default_quote_policy, default_reply_policy = m.default_reply_policy
    FROM member m WHERE m.bucket = account.bucket AND m.id = account.id
    AND (m.default_quote_policy <> 0 OR m.default_reply_policy <> 0);
ALTER TABLE member DROP COLUMN default_quote_policy;
ALTER TABLE member DROP COLUMN default_reply_policy;
