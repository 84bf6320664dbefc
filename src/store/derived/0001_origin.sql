-- SPDX-License-Identifier: Apache-2.0
-- What can be rebuilt (parley rebuild) and is never replicated. How far each part has followed the store.
CREATE TABLE derived.progress (
    part TEXT NOT NULL PRIMARY KEY,
    newest_id BIGINT NOT NULL
);

-- Figures of the whole site as they were last counted.
CREATE TABLE derived.figure (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
