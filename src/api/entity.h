/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/jw.h"
#include "core/attachment.h"
#include "core/conversation.h"
#include "feed/feed.h"
#include "feed/sieve.h"
#include "model/account.h"
#include "model/notification.h"
#include "model/poll.h"
#include "model/relation.h"
#include "model/status.h"

/* Model -> JSON of the client API. Every key of observed-keys.json is always there. */

/* What belongs to a status and stands in other tables; NULL: nothing. */
struct status_more {
    const struct poll *poll;
    struct attachments media;
    const struct quote *quote;
    struct str card;       /* JSON; p == NULL: none */
    bool card_pending;     /* it is still fetched */
    bool has_card_picture; /* which may leave the cache */
};

/* Rendered once, with holes (slots) for what changes often or depends on the reader. `author` is s's account; `out`
   lives on c->arena. What stands in a hole is written by entity_fill. */
enum err entity_render_status(struct ctx *c, const struct status *s, const struct account *author,
                              const struct status_more *more, struct rendered *out) NODISCARD;
enum err entity_render_account(struct ctx *c, const struct account *a, struct rendered *out) NODISCARD;

/* JSON of each of ids as c->me sees it (marks; nobody: without them), through the feed's rendered cache, in one batch.
   out[i].p == NULL: there is no such row. Visibility was judged by the caller. */
enum err entity_statuses(struct ctx *c, const int64_t *ids, int64_t n, struct str *out) NODISCARD;
/* The same without what c->me's filters hide there. */
enum err entity_statuses_in(struct ctx *c, enum filter_context where, const int64_t *ids, int64_t n,
                            struct str *out) NODISCARD;
enum err entity_accounts(struct ctx *c, const int64_t *ids, int64_t n, struct str *out) NODISCARD;
/* The same for one; ERR_NOT_FOUND. */
enum err entity_status(struct ctx *c, int64_t id, struct str *out) NODISCARD;
enum err entity_account(struct ctx *c, int64_t id, struct str *out) NODISCARD;
/* The JSON of a parley that c->me has just published, from rows in hand; not an echo. */
enum err entity_status_new(struct ctx *c, const struct status *s, const struct account *author,
                           struct str *out) NODISCARD;
/* A JSON array of what is there, in order. */
enum err entity_status_list(struct ctx *c, enum filter_context where, const int64_t *ids, int64_t n,
                            struct str *out) NODISCARD;
enum err entity_account_list(struct ctx *c, const int64_t *ids, int64_t n, struct str *out) NODISCARD;

/* One of c->me's, judged by the caller; ERR_NOT_FOUND: what it is about went away, or their filters hide it there.
   (api/notifications.c) */
enum err entity_notification(struct ctx *c, enum filter_context where, const struct notification *n,
                             struct str *out) NODISCARD;

/* One of c->me's. (api/conversations.c) */
enum err entity_conversation(struct ctx *c, const struct talk *t, struct str *out) NODISCARD;

/* One attachment, and the key media_attachments with all of a parley (withheld: core/attachment.h). */
void entity_media(struct ctx *c, struct jw *w, const struct media *m);
void entity_attachments(struct ctx *c, struct jw *w, bool withheld, const struct attachments *a);

/* A poll without its last two keys and without the closing brace; then those two, for a reader with this mark. The
   author has "voted". */
void entity_poll_open(struct ctx *c, struct jw *w, const struct poll *p);
#define ENTITY_VOTE_ROOM 64
size_t entity_vote(char out[ENTITY_VOTE_ROOM], int64_t round, uint32_t mark, bool is_author);
struct str entity_poll(struct ctx *c, const struct poll *p, const struct status *of, uint32_t mark);

/* "automatic" or "denied": whether the reader may quote it. */
struct str entity_approval(const struct ctx *c, const struct rendered *r, bool follows);
/* All of it can be said of every reader without asking the store; false: entity_statuses only. */
static inline bool entity_is_plain(const struct ctx *c, const struct rendered *r)
{
    bool by_following = r->quote_policy == QUOTE_FOLLOWERS && c->me != NULL && c->me->id != r->account_id;
    return r->quoted_id == 0 && !by_following;
}

/* The bytes still say what is true; false: render anew. */
static inline bool entity_is_good(const struct ctx *c, const struct rendered *r)
{
    return r->good_until_ms == 0 || c->now_ms < r->good_until_ms;
}

/* What each of ids echoes; 0: nothing, or it is not there. */
enum err entity_echoes(struct ctx *c, const int64_t *ids, int64_t n, int64_t *echoed) NODISCARD;

/* With `all`: keywords and parleys, too. */
void entity_filter(struct jw *w, const struct filter *f, const struct filters *all);
/* What follows entity_marks: what c->me's filters have against it (echoed: what it echoes, or NULL), and where they
   hide it. */
struct str entity_filtered(struct ctx *c, const struct sieve *s, const struct rendered *r,
                           const struct rendered *echoed, unsigned *hidden);
/* What stands in SLOT_MARKS for a reader, but for its end. may_pin: the reader's own, not direct and not an echo. */
struct str entity_marks(const struct status_marks *m, bool may_pin);
bool entity_may_pin(const struct ctx *c, const struct rendered *r);
