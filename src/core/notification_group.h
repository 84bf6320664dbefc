/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/account_page.h"
#include "core/notification.h"

/* What c->me was told, the same done to the same by several within half a day as one. Which group a notification
   belongs to is a part of itself (type, parley and the span of its id), so keys never change and nothing is stored. A
   key is "favourite-<status>-<span>", "follow-<span>", or "ungrouped-<id>" for what stands alone. Any thread with
   c->db. */
#define GROUPS_MAX        80
#define GROUP_SAMPLES_MAX 8
#define GROUP_ROUNDS_MAX  5 /* lists of PAGE_LIMIT_MAX that are read for one page */
#define GROUPABLE                                                                            \
    (UINT64_C(1) << NOTE_FAVOURITE | UINT64_C(1) << NOTE_REBLOG | UINT64_C(1) << NOTE_FOLLOW \
     | UINT64_C(1) << NOTE_ADMIN_SIGN_UP)

struct notification_group {
    struct notification newest; /* of the page */
    bool grouped;
    int64_t newest_id; /* of all of it */
    int64_t n;         /* of all of it */
    int64_t page_min_id;
    int64_t page_max_id;
    int64_t samples[GROUP_SAMPLES_MAX]; /* newest first */
    int64_t samples_n;
};
/* What a key means: which notifications, between which ids. */
struct notification_group_key {
    struct notification_ask ask;
    int64_t one; /* an id that stands alone; 0: a group */
    int64_t above;
    int64_t below;
};
struct notification_groups {
    struct notification_group *rows; /* newest first */
    int64_t n;
    int64_t first; /* notifications for links; 0: nothing shown */
    int64_t last;
};

/* `types`: which may be grouped, bits. */
struct str notification_group_key(struct ctx *c, const struct notification *n, uint64_t types);
/* False: no key, or none of what can be grouped. */
bool notification_group_parse(struct str text, struct notification_group_key *k);
enum err notification_groups(struct ctx *c, const struct notification_ask *ask, uint64_t types, const struct page *p,
                             struct notification_groups *out) NODISCARD;
/* All below: ERR_NOT_FOUND when no such group is there. */
enum err notification_group_get(struct ctx *c, struct str key, struct notification_groups *out) NODISCARD;
enum err notification_group_accounts(struct ctx *c, struct str key, const struct page *p,
                                     struct account_page *out) NODISCARD;
enum err notification_group_dismiss(struct ctx *c, struct str key) NODISCARD;
/* How many groups are newer than the marker, counted up to limit (1 .. UNREAD_MAX). */
enum err notification_groups_unread(struct ctx *c, const struct notification_ask *ask, uint64_t types, int64_t limit,
                                    int64_t *n) NODISCARD;
