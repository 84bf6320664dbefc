/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "model/page.h"
#include "model/session.h"
#include "model/status.h"

/* The hot set in memory: what answers timelines and most reads without the store. A cache and nothing else: dropping
   any part of it changes no answer. Runs on: any thread. One budget (bytes) for all of it, least recently used out
   first.

   Readers that are loaded on demand need c->db; on a loop thread (c->db == NULL) a miss is ERR_COLD, and the dispatcher
   hands the request to a worker. */
struct feed;

struct feed_options {
    size_t budget;            /* bytes; 0: keep nothing, every answer comes from the store */
    int64_t tail_days;        /* how far back tails reach; 30 */
    int64_t tail_max;         /* entries of one author at most; 400 */
    struct str snapshot_path; /* file; p == NULL: none */
    uint64_t emojis;          /* version of the custom emoji that stand in what is rendered */
    struct news *news;        /* store/news.h: every change below is told on to it; NULL: nobody is told */
};

struct feed *feed_new(const struct feed_options *o);
void feed_free(struct feed **f);
/* Reads the snapshot, then what the store has since (or all of tail_days without a snapshot), once. May run while
   others use the feed: until it is done the store answers. */
enum err feed_load(struct ctx *c) NODISCARD;
enum err feed_save(struct ctx *c) NODISCARD; /* writes the snapshot: every few minutes and at a clean stop */

/* --- told by core/ after a commit, never before, and told on to open streams; cheap, never fail. Two commits may be
 * told in either order --- */
void feed_status_added(struct feed *f, const struct status *s); /* parleys and echoes alike */
/* It came with an old date: it stands on its author's page and in no timeline, and nobody is told. */
void feed_status_placed(struct feed *f, const struct status *s);
void feed_status_changed(struct feed *f, const struct status *s); /* edited, or its standing changed */
void feed_status_removed(struct feed *f, const struct status *s);
enum feed_count { FEED_REPLIES, FEED_REBLOGS, FEED_FAVOURITES, FEED_VOTES, FEED_QUOTES };
/* The numbers of the row changed: what was rendered of it is dropped and made anew from the row (delta is a hint). */
void feed_status_counted(struct feed *f, int64_t status_id, enum feed_count which, int64_t delta);
enum feed_mark { FEED_FAVOURITED = 1, FEED_REBLOGGED = 2, FEED_BOOKMARKED = 4, FEED_PINNED = 8, FEED_VOTED = 16 };
void feed_marked(struct feed *f, int64_t account_id, int64_t status_id, enum feed_mark mark, bool on);
void feed_follow_changed(struct feed *f, int64_t account_id);    /* whom the account follows, or how; its lists */
void feed_relations_changed(struct feed *f, int64_t account_id); /* its blocks (either side), mutes, thread mutes */
void feed_account_changed(struct feed *f, int64_t account_id);   /* profile, counts or standing */
void feed_requests_changed(struct feed *f, int64_t account_id);  /* who asks to follow it */
void feed_account_removed(struct feed *f, int64_t account_id);
void feed_emojis_changed(struct feed *f, uint64_t version); /* what was rendered with another version is not found */
void feed_session_ended(struct feed *f, struct str token_hash);
void feed_sessions_ended(struct feed *f, int64_t account_id); /* all of a member's */

/* --- timelines: ids newest first, at most page->limit (FEED_PAGE_MAX), already filtered by visibility, standing,
   blocks and mutes of the entry and its author, and by blocks and mutes of the one replied to or echoed. What the feed
   cannot know, the standing of an echoed parley and of its author, is judged by whoever assembles the page --- */
#define FEED_PAGE_MAX 80
enum err feed_home(struct ctx *c, int64_t reader_id, const struct page *p, int64_t **ids, int64_t *n) NODISCARD;
/* What members of one of the reader's lists wrote. ERR_NOT_FOUND: the reader has no such list. */
enum err feed_list(struct ctx *c, int64_t reader_id, int64_t list_id, const struct page *p, int64_t **ids,
                   int64_t *n) NODISCARD;
/* Whoever finds that an id of feed_home, feed_list or feed_local is not in the store says so (a snapshot may know a
   parley that was deleted just before a crash), and asks again. */
void feed_status_missing(struct feed *f, int64_t reader_id, int64_t status_id);
/* Public parleys of this server. reader_id 0: nobody's marks, blocks and mutes. */
enum err feed_local(struct ctx *c, int64_t reader_id, const struct page *p, bool only_media, int64_t **ids,
                    int64_t *n) NODISCARD;

/* --- people and sessions --- */
/* The session and account behind a token's hash. ERR_UNAUTHENTICATED when there is none. Copies onto c->arena. */
enum err feed_session(struct ctx *c, struct str token_hash, struct session **s, struct account **me) NODISCARD;
/* The account, but for its counts: they may be of an earlier moment (feed_rendered_account has them right). So are
   those of `me` above: whoever writes would drop their own account out of memory with every parley. */
enum err feed_account(struct ctx *c, int64_t id, struct account **out) NODISCARD; /* ERR_NOT_FOUND */
/* What the reader did to each of n parleys; id 0 gives no marks. */
struct marks_ask {
    int64_t id;
    int64_t thread_id;
};
enum err feed_marks(struct ctx *c, int64_t reader_id, const struct marks_ask *ask, int64_t n,
                    struct status_marks *marks) NODISCARD;
/* Blocks in either direction and mutes of the reader, for lists that the feed did not filter itself. */
enum feed_hides { FEED_SEEN = 0, FEED_BLOCKED = 1, FEED_BLOCKED_BY = 2, FEED_MUTED = 4 };
enum err feed_hidden(struct ctx *c, int64_t reader_id, int64_t account_id,
                     int *hides) NODISCARD; /* enum feed_hides bits */
enum err feed_follows(struct ctx *c, int64_t reader_id, int64_t account_id, bool *follows) NODISCARD;
/* False: the reader follows no tags. Where it is not known here it is the store's to find out. */
bool feed_may_follow_tags(struct ctx *c, int64_t reader_id);
/* Whom the reader follows, `max` at most, parted by what is known here of each: who follows account_id, and of whom the
   store has to be asked. Who is known not to is in neither. */
struct feed_followed {
    int64_t *sure;
    int64_t *unsure;
    int64_t sure_n;
    int64_t unsure_n;
};
enum err feed_followed(struct ctx *c, int64_t reader_id, int64_t account_id, int64_t max,
                       struct feed_followed *out) NODISCARD;

/* --- rendered replies: JSON of one status or account, numbers and all, with holes (slots) that are filled when it is
   sent --- */
enum slot_kind {
    SLOT_MARKS,    /* last: `,"favourited":..,"reblogged":..,"muted":..,"bookmarked":..[,"pinned":..],"filtered":[]`;
                      nothing for nobody */
    SLOT_ACCOUNT,  /* the account object of `id` */
    SLOT_STATUS,   /* the echoed status object of `id` */
    SLOT_CONTENT,  /* an echo's content: that of the echoed status `id` */
    SLOT_QUOTE,    /* what it quotes, as the reader is shown it */
    SLOT_APPROVAL, /* whether the reader may quote it: a word */
    SLOT_VOTE,     /* last of a poll: `,"voted":..,"own_votes":[..]`; nothing for nobody */
};
struct slot {
    uint32_t at; /* offset in the bytes where the value goes in */
    enum slot_kind kind;
    int64_t id;
};
#define SLOTS_MAX 12

struct feed_counts {
    int64_t replies, reblogs, favourites;                   /* of a status */
    int64_t followers, following, statuses, last_status_ms; /* of an account */
};

/* Immutable, numbers and all; reference-counted. Another number means another one of these. */
struct rendered {
    int64_t id;
    uint64_t version; /* set by put: no two texts or numbers ever put share one, in this process or another */
    uint64_t emojis;  /* of the custom emoji that it was rendered with */
    struct str bytes;
    uint32_t slots_n;
    struct slot slots[SLOTS_MAX];
    uint32_t content_at; /* of a status: where its content's JSON string stands in bytes, quotes included */
    uint32_t content_n;
    struct str match; /* of a status: what filters look for words in (core/filter.h); in the same allocation */
    /* of a status: what is needed to judge whether a reader may see it, without the row */
    int64_t account_id;
    int64_t thread_id;
    int64_t reblog_of_id;
    int64_t reblog_of_account_id;
    int64_t edited_ms;
    int64_t good_until_ms; /* then the bytes say what is not true any more (a poll ends); 0: always good */
    int64_t poll_round;
    int64_t quoted_id; /* 0: it quotes nothing */
    int64_t quoted_account_id;
    enum quote_state quote_state;
    enum quote_policy quote_policy; /* the one that counts */
    enum visibility visibility;
    enum standing_kind standing;
    const int64_t *mention_ids; /* p in the same allocation as bytes */
    uint32_t mentions_n;
    struct feed_counts counts; /* of the row that it was made from */
};

/* A hit is held until feed_rendered_release. A miss gives *out = NULL and a ticket for the put, which is refused when
   the subject was changed or counted in between: so a told change of something that is not cached voids tickets, too.
 */
void feed_rendered_status(struct feed *f, int64_t id, const struct rendered **out, uint64_t *ticket);
void feed_rendered_account(struct feed *f, int64_t id, const struct rendered **out, uint64_t *ticket);
/* The account as its member sees it (verify_credentials), whole. */
void feed_rendered_self(struct feed *f, int64_t id, const struct rendered **out, uint64_t *ticket);
void feed_rendered_put_self(struct feed *f, const struct rendered *r, uint64_t ticket);    /* copies */
void feed_rendered_put_status(struct feed *f, const struct rendered *r, uint64_t ticket);  /* copies */
void feed_rendered_put_account(struct feed *f, const struct rendered *r, uint64_t ticket); /* copies */
void feed_rendered_release(struct feed *f, const struct rendered **r);
void feed_account_counted(struct feed *f, int64_t account_id, int64_t statuses, int64_t followers, int64_t following,
                          int64_t last_status_ms); /* deltas; last_status_ms absolute or 0 */

/* A page at once, without holding each: what was found stays between begin and end. The store must not be asked and
   nothing else of the feed be called in between. NULL: not here. */
void feed_look_begin(struct feed *f);
const struct rendered *feed_look_status(struct feed *f, int64_t id);
const struct rendered *feed_look_account(struct feed *f, int64_t id);
/* As feed_marks; false: not all of it is known here. */
bool feed_look_marks(struct feed *f, int64_t reader_id, const struct marks_ask *ask, int64_t n,
                     struct status_marks *marks);
void feed_look_end(struct feed *f);

/* --- whole pages for strangers, kept as they are sent until anything changes that they show --- */
#define FEED_SHOWN_MAX 300
struct feed_shown {
    uint64_t as_of; /* no later change was seen: from feed_shown_begin, before the store is read */
    const struct site *site;
    int64_t made_ms;
    bool lists; /* which parleys stand on it depends on more than those that do: any new one may */
    bool too_many;
    uint32_t n;
    uint16_t stripes[FEED_SHOWN_MAX];
};
struct feed_page {
    struct str key; /* what was asked for, and in which form */
    struct str etag;
    struct str body;
    bool packed; /* gzip */
};
void feed_shown_begin(struct ctx *c, struct feed_shown *out);
void feed_shown_add(struct feed_shown *what, int64_t id); /* a parley (or its thread) or an account that it shows */
void feed_page_put(struct feed *f, const struct feed_shown *what, const struct feed_page *p); /* copies */
/* False: not here, or not what would be said now. The body is left out when `known` (If-None-Match) names its ETag. */
bool feed_page_find(struct ctx *c, struct str key, struct str known, struct feed_page *out);
/* Another number: something that others may see was told since (not marks, follows, sessions). */
uint64_t feed_tick(struct feed *f);
/* What is counted of things (feed/trends.h): no cache, but kept beside it. */
struct trends;
struct trends *feed_trends(struct feed *f);

/* What is kept within a budget, least recently used out first. */
enum feed_kept { KEPT_READERS, KEPT_RENDERED, KEPT_PEOPLE, KEPT_PAGES, KEPT_FILTERS, KEPTS };

struct feed_stats {
    int64_t bytes, budget, authors, entries, readers, rendered, hits, misses, load_us;
    int64_t evicted[KEPTS]; /* since the start, for room */
};
void feed_stats(const struct feed *f, struct feed_stats *out);
