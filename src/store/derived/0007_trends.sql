-- SPDX-License-Identifier: Apache-2.0
-- What was talked about when it was saved last (feed/trends.h), one row a kind.
CREATE TABLE derived.trend (
    kind SMALLINT NOT NULL PRIMARY KEY,
    saved_ms BIGINT NOT NULL,
    things TEXT NOT NULL
);
