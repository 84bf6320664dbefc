/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/list.h"
#include "model/page.h"
#include "model/status.h"

/* What feed/ reads from the store: to fill its memory, and to answer what is older than its memory. The statements for
   timelines are also the oracle that its tests compare with. Reads only; any thread. */

/* A parley as tails need it. */
struct feed_row {
    int64_t id;
    int64_t account_id;
    enum visibility visibility;
    enum standing_kind standing;
    int64_t in_reply_to_id;
    int64_t in_reply_to_account_id;
    int64_t reblog_of_id;
    int64_t reblog_of_account_id;
    struct str language;
    struct str mentions; /* of direct ones; else empty */
    bool is_remote;
    bool has_media;
};
/* Everybody's, rising ids above after_id, at most `limit`. */
enum err store_feed_scan(struct ctx *c, int64_t after_id, int64_t limit, struct feed_row **out, int64_t *n) NODISCARD;
/* n of the following are about to be asked (db_expect). */
void store_feed_older_expect(struct ctx *c, const int64_t *account_ids, const int64_t *before_ids, int64_t n,
                             int64_t limit);
/* An author's newest below before_id, rising. */
enum err store_feed_older(struct ctx *c, int64_t account_id, int64_t before_id, int64_t limit, struct feed_row **out,
                          int64_t *n) NODISCARD;
/* 0: there is none. */
enum err store_feed_oldest(struct ctx *c, int64_t *id) NODISCARD;
/* How many of ids are there. */
enum err store_feed_present(struct ctx *c, const int64_t *ids, int64_t n, int64_t *present) NODISCARD;

/* All that is asked below of one reader is about to be asked (db_expect). */
void store_feed_expect(struct ctx *c, int64_t account_id);

struct feed_follow {
    int64_t target_id;
    bool reblogs;
    struct str languages; /* JSON list; p == NULL: all */
};
enum err store_feed_follows(struct ctx *c, int64_t account_id, struct feed_follow **out, int64_t *n) NODISCARD;

/* A member of a list, or (target_id 0) a list without members; by rising list. */
struct feed_listed {
    int64_t list_id;
    int64_t target_id;
    enum list_replies replies;
    bool exclusive;
};
enum err store_feed_listed(struct ctx *c, int64_t account_id, struct feed_listed **out, int64_t *n) NODISCARD;

enum feed_hide_kind { FEED_HIDE_BLOCK, FEED_HIDE_BLOCKED_BY, FEED_HIDE_MUTE };
struct feed_hide {
    enum feed_hide_kind kind;
    int64_t target_id;
    int64_t until_ms; /* of a mute; 0: for good */
};
enum err store_feed_hides(struct ctx *c, int64_t account_id, struct feed_hide **out, int64_t *n) NODISCARD;

/* Parleys that somebody marked; FEED_MARK_THREAD: threads they muted. */
enum feed_mark_kind {
    FEED_MARK_FAVOURITE,
    FEED_MARK_REBLOG,
    FEED_MARK_BOOKMARK,
    FEED_MARK_PIN,
    FEED_MARK_THREAD,
    FEED_MARK_VOTE,
    FEED_MARK_KINDS
};
struct feed_mark_row {
    int64_t id;
    uint32_t value; /* of a vote: VOTE_MARK of model/poll.h; else 1 */
};
/* The newest by the parley's id, at most `limit`, newest first. */
enum err store_feed_marks(struct ctx *c, enum feed_mark_kind kind, int64_t account_id, int64_t limit,
                          struct feed_mark_row **out, int64_t *n) NODISCARD;
/* Those among ids. */
enum err store_feed_marks_of(struct ctx *c, enum feed_mark_kind kind, int64_t account_id, const int64_t *ids,
                             int64_t ids_n, struct feed_mark_row **out, int64_t *n) NODISCARD;

/* Accounts whose parleys are not for everybody. */
struct feed_standing {
    int64_t id;
    bool is_hidden;  /* suspended, not active, or asked to be deleted */
    bool is_limited; /* not in public lists */
};
/* Of each of ids that is there (the others are gone: hidden). */
enum err store_feed_standings(struct ctx *c, const int64_t *ids, int64_t ids_n, struct feed_standing **out,
                              int64_t *n) NODISCARD;
/* Of all that are hidden or limited. All shards, by index. */
enum err store_feed_odd(struct ctx *c, struct feed_standing **out, int64_t *n) NODISCARD;
/* Parleys whose standing was changed since the log's row `after_id`. All shards. */
enum err store_feed_judged(struct ctx *c, int64_t after_id, int64_t **out, int64_t *n) NODISCARD;

/* Ids of a page, newest first; `out` has room for the limit. All shards of the followed authors. feed/timeline.h says
 * who sees what. */
enum err store_feed_home(struct ctx *c, int64_t reader_id, const struct page *p, int64_t *out, int64_t *n) NODISCARD;
/* Public parleys under tags that the reader follows, of others than the reader; as home, nothing of the hidden and of
   exclusive lists. */
enum err store_feed_tagged(struct ctx *c, int64_t reader_id, const struct page *p, int64_t *out, int64_t *n) NODISCARD;
enum err store_feed_list(struct ctx *c, const struct list *l, const struct page *p, int64_t *out, int64_t *n) NODISCARD;
/* reader_id 0: nobody. */
enum err store_feed_local(struct ctx *c, int64_t reader_id, const struct page *p, bool only_media, int64_t *out,
                          int64_t *n) NODISCARD;
