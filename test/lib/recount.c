/* SPDX-License-Identifier: Apache-2.0 */
#include "recount.h"

#include <stdio.h>

#include "world.h"

/* Each counts what breaks a rule. */
static const struct {
    const char *rule;
    const char *sql;
} rules[] = {
    { "followers", "account a WHERE followers_count <> (SELECT COUNT(*) FROM follower f WHERE f.account_id = a.id)" },
    { "following", "account a WHERE following_count <> (SELECT COUNT(*) FROM follow f WHERE f.account_id = a.id)" },
    { "statuses", "account a WHERE statuses_count <> (SELECT COUNT(*) FROM status s WHERE s.account_id = a.id)" },
    { "favourites",
      "status s WHERE favourites_count <> (SELECT COUNT(*) FROM favourite_of f WHERE f.status_id = s.id)" },
    { "echoes", "status s WHERE reblogs_count <> (SELECT COUNT(*) FROM reblog_of r WHERE r.status_id = s.id)" },
    { "answers", "status s WHERE replies_count <> (SELECT COUNT(*) FROM status r WHERE r.in_reply_to_id = s.id)" },
    { "a follow on one side",
      "follow f LEFT JOIN follower r ON r.account_id = f.target_id AND r.source_id = f.account_id"
      " AND r.id = f.id AND r.notify = f.notify WHERE r.id IS NULL" },
    { "a follower on one side",
      "follower r LEFT JOIN follow f ON f.account_id = r.source_id AND f.target_id = r.account_id WHERE f.id IS NULL" },
    { "a block on one side", "block b LEFT JOIN blocked_by r ON r.account_id = b.target_id"
                             " AND r.source_id = b.account_id WHERE r.account_id IS NULL" },
    { "a blocked_by on one side", "blocked_by r LEFT JOIN block b ON b.account_id = r.source_id"
                                  " AND b.target_id = r.account_id WHERE b.id IS NULL" },
    { "a follow across a block", "follow f JOIN block b ON (b.account_id = f.account_id AND b.target_id = f.target_id)"
                                 " OR (b.account_id = f.target_id AND b.target_id = f.account_id)" },
    { "a favourite on one side", "favourite_of o LEFT JOIN favourite_by b ON b.account_id = o.account_id"
                                 " AND b.status_id = o.status_id AND b.id = o.id WHERE b.id IS NULL" },
    { "a favourite of nothing", "favourite_by b LEFT JOIN favourite_of o ON o.account_id = b.account_id"
                                " AND o.status_id = b.status_id LEFT JOIN status s ON s.id = b.status_id"
                                " WHERE o.id IS NULL OR s.id IS NULL" },
    { "an echo on one side", "reblog_of o LEFT JOIN reblog_by b ON b.account_id = o.account_id"
                             " AND b.status_id = o.status_id AND b.id = o.id LEFT JOIN status s ON s.id = o.id"
                             " WHERE b.id IS NULL OR s.id IS NULL" },
    { "an echo without its row", "status s LEFT JOIN reblog_of o ON o.id = s.id"
                                 " WHERE s.reblog_of_id <> 0 AND o.id IS NULL" },
    { "a pin of nothing", "pin p LEFT JOIN status s ON s.id = p.status_id WHERE s.id IS NULL" },
    { "a conversation whose last parley is another",
      "conversation v WHERE last_status_id <> COALESCE((SELECT MAX(s.status_id) FROM conversation_status s"
      " WHERE s.conversation_id = v.id), 0)" },
    { "a conversation of nothing", "conversation_status s LEFT JOIN conversation v ON v.id = s.conversation_id"
                                   " LEFT JOIN status t ON t.id = s.status_id WHERE v.id IS NULL OR t.id IS NULL" },
    { "a tag of nothing", "tag_status t LEFT JOIN status s ON s.id = t.status_id WHERE s.id IS NULL" },
};

int64_t recount_breaks(struct ctx *c)
{
    int64_t all = 0;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        int64_t n = world_query(c, "SELECT COUNT(*) FROM %s", rules[i].sql);
        all += n;
        if (n != 0)
            (void)printf("    %s: %lld\n", rules[i].rule, (long long)n);
    }
    return all;
}
