-- SPDX-License-Identifier: Apache-2.0
-- The server's own figures, one row for five minutes (core/vitals.h).
CREATE TABLE derived.sample (
    slot BIGINT NOT NULL PRIMARY KEY, -- five minutes since 1970
    data TEXT NOT NULL                -- JSON {"at_ms": ..., name: number}
);
