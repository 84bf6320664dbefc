/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/standing.h"

/* Setting how a member or a parley stands (model/standing.h), by a moderator or the operator (core/staff.h), with
   reason and end. The change, its row in the log and the job that ends it are one transaction; afterwards the feed is
   told, so that it holds at once everywhere. Any thread with c->db. */

/* clang-format off */
/* What each standing does, and where that is judged (where nothing is said: core/visible.c, the one judge).

   member    | seen by id     | followers'  | local, tag, text | found by  | notifies      | writes                | signs in
             |                | home        | search           | name      |               |                       |
   ----------+----------------+-------------+------------------+-----------+---------------+-----------------------+----------
   sensitive | yes, veiled(e) | yes, veiled | yes, veiled      | yes       | yes           | yes                   | yes
   limited   | yes            | yes         | no               | followers | followers (n) | yes; follows ask (f)  | yes
   frozen    | yes            | yes         | yes              | yes       | what is told  | no (w)                | yes
   suspended | staff          | no          | no               | no        | no (n)        | no                    | no (a)

   parley    | its author     | others: by id, threads,  | home        | local, tag, | in            | answered, echoed,
             |                | lists, echoes of it      |             | search      | notifications | edited
   ----------+----------------+--------------------------+-------------+-------------+---------------+------------------
   sensitive | yes, veiled(e) | yes, veiled              | yes, veiled | yes, veiled | yes           | yes
   limited   | yes            | yes                      | yes         | no          | yes           | yes
   held      | yes            | staff                    | author's(h) | no          | no new ones   | no
   removed   | no             | staff                    | no (h)      | no          | no            | no

   (a) api/dispatch.c, core/auth.c, the pages; the sessions end    (e) api/entity.c: `sensitive`    (f) core/follow.c
   (h) the feed's tails, told by feed_status_changed               (n) core/notify.c when made, core/notification.c when read
   (w) member_may_write in core/visible.h, WHO_WRITER in api/route.h */
/* clang-format on */
#define STANDING_REASON_MAX 1000 /* graphemes */
#define STANDING_LOG_MAX    100

/* What is ordered. NORMAL restores. Of members: sensitive, limited, frozen, suspended; of parleys: sensitive, limited,
   held, removed; anything else is ERR_INVALID. until_ms 0: until lifted; otherwise in the future. */
struct standing_order {
    enum standing_kind kind;
    struct str reason; /* shown to the member */
    int64_t until_ms;
};
/* ERR_FORBIDDEN: see staff_above(). ERR_NOT_FOUND. */
enum err standing_set_member(struct ctx *c, int64_t account_id, const struct standing_order *o) NODISCARD;
enum err standing_set_status(struct ctx *c, int64_t status_id, const struct standing_order *o) NODISCARD;
/* Newest first, at most STANDING_LOG_MAX. */
enum err standing_history(struct ctx *c, int64_t subject_id, struct standing **out, int64_t *n) NODISCARD;

/* For JOB_STANDING_ENDS: restores the subject (an account, or a parley) when its end is reached; one that was changed
   since, or is gone, stays as it is. */
enum err standing_end_due(struct ctx *c, int64_t subject_id) NODISCARD;

struct str standing_word(enum standing_kind kind); /* "limited" */
bool standing_parse(struct str word, enum standing_kind *out);
