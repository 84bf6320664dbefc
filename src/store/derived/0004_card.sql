-- SPDX-License-Identifier: Apache-2.0
-- What the pages say of themselves to which parleys link. One row a link, whoever posts it; made anew when it is posted again.
CREATE TABLE derived.card (
    bucket INTEGER NOT NULL,                      -- of the id
    id BIGINT NOT NULL,                           -- hash of the address
    url TEXT NOT NULL,
    card TEXT NOT NULL,                           -- JSON PreviewCard; '': there is nothing to show
    fetched_ms BIGINT NOT NULL,
    @KEY(bucket, id)
) @SHARDED_KEYED;
