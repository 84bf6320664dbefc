/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"
#include "model/status.h"

/* What happened, for whoever passes it on to open streams (api/live.h): a bounded queue in memory, told after a commit
   and never before. Losing some is allowed, since clients read what they missed with since_id; nobody waits for room.
   While nobody hears nothing is kept. Runs on: any. */
enum news_kind {
    NEWS_STATUS_ADDED,          /* account_id, id: parleys and echoes */
    NEWS_STATUS_CHANGED,        /* edited, or its standing changed */
    NEWS_STATUS_REMOVED,        /* the row is gone: visibility, tags and mentions come along */
    NEWS_NOTIFICATION,          /* account_id was told `id` */
    NEWS_NOTIFICATIONS_MERGED,  /* account_id: requests were accepted, the list is to be read anew */
    NEWS_FILTERS_CHANGED,       /* account_id: their filters */
    NEWS_CONVERSATION,          /* account_id, conversation `id`: new, or its last parley changed */
    NEWS_ANNOUNCEMENT,          /* text: its JSON, the same for everybody; published or changed */
    NEWS_ANNOUNCEMENT_REACTION, /* text: its JSON */
    NEWS_ANNOUNCEMENT_REMOVED,  /* `id` */
    NEWS_ACCOUNT_CHANGED,       /* account_id: maybe their standing, maybe their sessions */
    NEWS_SESSION_ENDED,         /* text: the token's hash; or it was only read anew */
};

struct news_item {
    enum news_kind kind;
    int64_t account_id;
    int64_t id;
    enum visibility visibility; /* of a parley that was removed */
    bool is_public;             /* a parley that was removed stood in public timelines */
    struct str text;            /* borrowed by news_tell; owned by whoever took it; its tags, of a removed parley */
    struct str mentions;        /* likewise, of a removed parley */
};

#define NEWS_MAX 16384 /* items that wait; more are lost */

struct news;
struct news *news_new(void);
void news_free(struct news **n);
/* `wake` is called when the queue is not empty any more; it must not block. NULL: what waits is dropped, and what
   comes. */
void news_listen(struct news *n, void (*wake)(void *arg), void *arg);
/* So many more hear what the listener passes on, or fewer; none at the beginning. */
void news_hearers(struct news *n, int64_t more);
/* n may be NULL. */
void news_tell(struct news *n, const struct news_item *item);
/* At most max, oldest first; each is released by news_item_fini. */
size_t news_take(struct news *n, struct news_item *out, size_t max);
void news_item_fini(struct news_item *i);
int64_t news_lost(struct news *n); /* since start, for want of room */

/* Inside a transaction of c: told if it commits, at the end of the work (tx_done). */
void news_after(struct ctx *c, enum news_kind kind, int64_t account_id, int64_t id);
/* Without one, at once. */
void news_now(struct ctx *c, enum news_kind kind, int64_t account_id, int64_t id);
/* What everybody is told, in these words. */
void news_to_all(struct ctx *c, enum news_kind kind, struct str json);
