-- SPDX-License-Identifier: Apache-2.0
-- What moderators say of what is talked about, the terms of service, and how much happens in a week.

CREATE TABLE trend_review (                       -- reference
    kind SMALLINT NOT NULL,                       -- enum trend_kind
    id BIGINT NOT NULL,                           -- of a parley or account; else a hash of the name
    name TEXT NOT NULL,                           -- of a tag, address of a link
    verdict SMALLINT NOT NULL,                    -- enum trend_verdict
    by_id BIGINT NOT NULL,                        -- 0: the operator
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX trend_review_page ON trend_review (at_ms);

CREATE TABLE terms (                              -- reference: every version that was published
    effective_ms BIGINT NOT NULL PRIMARY KEY,     -- midnight (UTC) of the day from which it holds
    text TEXT NOT NULL,                           -- plain text
    written_ms BIGINT NOT NULL
);

CREATE TABLE activity_week (                      -- reference
    week_ms BIGINT NOT NULL PRIMARY KEY,          -- its Monday's midnight (UTC)
    statuses BIGINT NOT NULL,
    logins BIGINT NOT NULL,                       -- members who were here
    registrations BIGINT NOT NULL
);
