-- SPDX-License-Identifier: Apache-2.0
-- All that a draft may leave open stands with the account, as the policies do since 0013.

ALTER TABLE account ADD COLUMN default_visibility SMALLINT NOT NULL DEFAULT 0; -- enum visibility
ALTER TABLE account ADD COLUMN default_sensitive SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN default_language TEXT;
UPDATE account SET default_visibility = m.default_visibility, default_sensitive = m.default_sensitive,
    default_language = m.default_language
    FROM member m WHERE m.bucket = account.bucket AND m.id = account.id
    AND (m.default_visibility <> 0 OR m.default_sensitive <> 0 OR m.default_language IS NOT NULL);
ALTER TABLE member DROP COLUMN default_visibility;
ALTER TABLE member DROP COLUMN default_sensitive;
ALTER TABLE member DROP COLUMN default_language;
