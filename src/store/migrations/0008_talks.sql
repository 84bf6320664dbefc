-- SPDX-License-Identifier: Apache-2.0
-- Which conversations are unread is asked for every page: no look at the others.

CREATE INDEX conversation_unread ON conversation @ON(bucket, account_id, last_status_id) WHERE unread = 1;
