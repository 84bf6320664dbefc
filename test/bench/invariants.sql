-- SPDX-License-Identifier: Apache-2.0
-- What must hold in every store, whoever filled it: each line names a rule and how many rows break it.
SELECT 'follow without its other side', count(*) FROM follow f WHERE NOT EXISTS (SELECT 1 FROM follower r WHERE r.account_id = f.target_id AND r.source_id = f.account_id);
SELECT 'follower without its other side', count(*) FROM follower r WHERE NOT EXISTS (SELECT 1 FROM follow f WHERE f.account_id = r.source_id AND f.target_id = r.account_id);
SELECT 'follow of oneself', count(*) FROM follow WHERE account_id = target_id;
SELECT 'follow with another bucket than its owner', count(*) FROM follow WHERE bucket <> (account_id >> 9) & 4095;
SELECT 'follower with another bucket than its owner', count(*) FROM follower WHERE bucket <> (account_id >> 9) & 4095;
SELECT 'count of followers', count(*) FROM account a WHERE followers_count <> (SELECT count(*) FROM follower r WHERE r.account_id = a.id);
SELECT 'count of followed', count(*) FROM account a WHERE following_count <> (SELECT count(*) FROM follow f WHERE f.account_id = a.id);
SELECT 'count of parleys', count(*) FROM account a WHERE statuses_count <> (SELECT count(*) FROM status s WHERE s.account_id = a.id);
SELECT 'time of the last parley', count(*) FROM account a WHERE last_status_ms <> coalesce((SELECT max(created_ms) FROM status s WHERE s.account_id = a.id), 0);
SELECT 'count of replies', count(*) FROM (SELECT s.id FROM status s LEFT JOIN status r ON r.in_reply_to_id = s.id GROUP BY s.id HAVING s.replies_count <> count(r.id));
SELECT 'account with another bucket than its id', count(*) FROM account WHERE bucket <> (id >> 9) & 4095;
SELECT 'parley with another bucket than its id or author', count(*) FROM status WHERE bucket <> (id >> 9) & 4095 OR bucket <> (account_id >> 9) & 4095;
SELECT 'parley whose id is not as old as it', count(*) FROM status WHERE (id >> 21) + 1577836800000 <> created_ms;
SELECT 'parley older than its author', count(*) FROM status s JOIN account a ON a.id = s.account_id WHERE s.created_ms < a.created_ms;
SELECT 'parley newer than now', count(*) FROM status WHERE created_ms > unixepoch() * 1000 + 1000;
SELECT 'answer to nothing, or to another than it says', count(*) FROM status s WHERE in_reply_to_id <> 0 AND NOT EXISTS (SELECT 1 FROM status p WHERE p.id = s.in_reply_to_id AND p.account_id = s.in_reply_to_account_id AND p.thread_id = s.thread_id AND p.id < s.id);
SELECT 'answer that is not in its thread', count(*) FROM status s WHERE in_reply_to_id <> 0 AND NOT EXISTS (SELECT 1 FROM thread_status t WHERE t.thread_id = s.thread_id AND t.status_id = s.id AND t.parent_id = s.in_reply_to_id);
SELECT 'place in a thread of no parley', count(*) FROM thread_status t WHERE NOT EXISTS (SELECT 1 FROM status s WHERE s.id = t.status_id AND s.thread_id = t.thread_id AND s.in_reply_to_id = t.parent_id);
SELECT 'tag without its parley', count(*) FROM tag_status t LEFT JOIN status s ON s.id = t.status_id LEFT JOIN tag g ON g.id = t.tag_id WHERE s.id IS NULL OR g.id IS NULL OR s.account_id <> t.account_id OR s.visibility <> 0 OR NOT EXISTS (SELECT 1 FROM json_each(s.tags) WHERE value = g.name);
SELECT 'public parley without its tag', count(*) FROM status s, json_each(s.tags) j WHERE s.visibility = 0 AND s.standing = 0 AND NOT EXISTS (SELECT 1 FROM tag_status t JOIN tag g ON g.id = t.tag_id WHERE t.status_id = s.id AND g.name = j.value);
SELECT 'mention of nobody', count(*) FROM status s, json_each(s.mentions) j WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.id = CAST(j.value ->> 'id' AS INTEGER) AND a.username = j.value ->> 'username');
SELECT 'name that is not claimed', count(*) FROM account a WHERE domain IS NULL AND NOT EXISTS (SELECT 1 FROM name_claim n WHERE n.id = a.id AND n.kind = 1 AND n.value = lower(a.username));
SELECT 'address that is not claimed', count(*) FROM member m WHERE NOT EXISTS (SELECT 1 FROM name_claim n WHERE n.id = m.id AND n.kind = 2 AND n.value = m.email);
SELECT 'look that is not claimed', count(*) FROM account a WHERE domain IS NULL AND NOT EXISTS (SELECT 1 FROM name_claim n WHERE n.id = a.id AND n.kind = 3);
SELECT 'member without account', count(*) FROM member m WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.id = m.id AND a.bucket = m.bucket);
