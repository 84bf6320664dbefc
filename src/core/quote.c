/* SPDX-License-Identifier: Apache-2.0 */
#include "core/quote.h"

#include "core/mention.h"
#include "core/status.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/notification.h"
#include "store/quote.h"
#include "store/status.h"
#include "store/tx.h"

static const struct str quote_words[QUOTE_POLICIES] = { STR("nobody"), STR("followers"), STR("public") };
static const struct str reply_words[REPLY_POLICIES] = { STR("everyone"), STR("followers"), STR("followed"),
                                                        STR("mentioned"), STR("nobody") };

struct str quote_policy_word(enum quote_policy p)
{
    return quote_words[p];
}

struct str reply_policy_word(enum reply_policy p)
{
    return reply_words[p];
}

static int place_of(struct str word, const struct str *words, int n)
{
    for (int i = 0; i < n; i++)
        if (str_eq(word, words[i]))
            return i;
    return -1;
}

int quote_policy_parse(struct str word)
{
    return place_of(word, quote_words, QUOTE_POLICIES);
}

int reply_policy_parse(struct str word)
{
    return place_of(word, reply_words, REPLY_POLICIES);
}

enum quote_policy quote_policy_of(enum visibility vis, enum quote_policy policy)
{
    return vis <= VIS_UNLISTED ? policy : QUOTE_NOBODY;
}

bool quote_allowed(const struct account *reader, int64_t author_id, enum visibility vis, enum quote_policy policy,
                   bool follows)
{
    if (reader == NULL || vis == VIS_DIRECT)
        return false;
    if (reader->id == author_id)
        return true;
    switch (quote_policy_of(vis, policy)) {
    case QUOTE_NOBODY: return false;
    case QUOTE_FOLLOWERS: return follows;
    case QUOTE_ANYBODY: return true;
    }
    return false;
}

bool quote_is_shown(enum quote_shown shown)
{
    return shown == SHOWN_ACCEPTED || shown == SHOWN_BLOCKED || shown == SHOWN_MUTED;
}

/* A block of the reader's own hides nothing that they could not see without signing in. */
static enum quote_shown judge(struct ctx *c, const struct quote *q, const struct status *s, const struct account *a,
                              const struct bond *b)
{
    struct bond open = *b;
    if (q->state == QUOTE_REVOKED)
        return SHOWN_REVOKED;
    if (s == NULL || a == NULL)
        return SHOWN_DELETED;
    open.blocks = false;
    if (!status_visible(c->me, s, a, &open))
        return SHOWN_UNAUTHORIZED;
    return b->blocks ? SHOWN_BLOCKED : b->mutes ? SHOWN_MUTED : SHOWN_ACCEPTED;
}

enum err quotes_judge(struct ctx *c, const struct quote *const *q, int64_t n, enum quote_shown *out)
{
    size_t room = (size_t)n + 1;
    int64_t *ids = ARENA_ARRAY(c->arena, room, int64_t);
    int64_t *who = ARENA_ARRAY(c->arena, room, int64_t);
    struct status **rows = ARENA_ARRAY(c->arena, room, struct status *);
    struct account **people = ARENA_ARRAY(c->arena, room, struct account *);
    struct bond *bonds = ARENA_ARRAY(c->arena, room, struct bond);
    for (int64_t i = 0; i < n; i++) {
        ids[i] = q[i] == NULL ? 0 : q[i]->quoted_id;
        who[i] = q[i] == NULL ? 0 : q[i]->quoted_account_id;
    }
    TRY(store_status_load(c, ids, n, rows));
    TRY(store_account_load(c, who, n, people));
    TRY(store_bond_load(c, c->me == NULL ? 0 : c->me->id, who, n, bonds));
    for (int64_t i = 0; i < n; i++)
        if (q[i] != NULL)
            out[i] = judge(c, q[i], rows[i], people[i], &bonds[i]);
    return OK;
}

static bool is_named(struct ctx *c, const struct status *s, int64_t id)
{
    const struct mention *m = NULL;
    int64_t n = mention_list(c->arena, s->mentions, &m);
    for (int64_t i = 0; i < n; i++)
        if (m[i].id == id)
            return true;
    return false;
}

enum err quote_compose(struct ctx *c, const struct status_draft *d, struct status *s, struct quote *out)
{
    struct status *quoted = NULL;
    struct bond b = { 0 };
    if (d->quoted_id == 0)
        return OK;
    TRY(status_see(c, d->quoted_id, &quoted, NULL));
    if (quoted->reblog_of_id != 0)
        TRY(status_see(c, quoted->reblog_of_id, &quoted, NULL));
    TRY(store_bond_load(c, c->me->id, &quoted->account_id, 1, &b));
    if (quoted->standing.kind >= STANDING_HELD
        || !quote_allowed(c->me, quoted->account_id, quoted->visibility, quoted->quote_policy, b.follows))
        return fail(c, ERR_INVALID, "Validation failed: Its author does not allow you to quote this parley");
    if (quoted->visibility == VIS_PRIVATE && s->visibility < VIS_PRIVATE)
        s->visibility = VIS_PRIVATE;
    if (s->visibility == VIS_DIRECT && quoted->account_id != c->me->id && !is_named(c, s, quoted->account_id))
        return fail(c, ERR_INVALID, "Validation failed: Mention whom you quote, so that they can see it");
    s->parts |= PART_QUOTE;
    *out = (struct quote){ .quoted_id = quoted->id, .quoted_account_id = quoted->account_id, .state = QUOTE_ACCEPTED };
    return OK;
}

static bool is_counted(const struct status *s)
{
    return s->visibility <= VIS_UNLISTED;
}

enum err quote_store(struct ctx *c, const struct status *s, struct quote *q)
{
    bool exists = false;
    q->status_id = s->id;
    TRY(store_status_counted(c, q->quoted_id, STATUS_QUOTES, is_counted(s) ? 1 : 0, &exists));
    if (!exists)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    return store_quote_insert(c, q, s->account_id);
}

enum err quote_forget(struct ctx *c, const struct status *s, struct quote **q)
{
    bool exists = false;
    *q = NULL;
    if ((s->parts & PART_QUOTE) == 0)
        return OK;
    TRY(store_quote_load(c, &s->id, 1, q));
    if (*q == NULL)
        return OK;
    if ((*q)->state == QUOTE_ACCEPTED && is_counted(s))
        TRY(store_status_counted(c, (*q)->quoted_id, STATUS_QUOTES, -1, &exists));
    return store_quote_delete(c, *q);
}

static enum err denied(struct ctx *c, enum reply_policy p)
{
    static const char *const whom[REPLY_POLICIES] = { "everybody", "their followers", "those they follow",
                                                      "those it mentions", "nobody" };
    return fail(c, ERR_FORBIDDEN, "The author lets %s answer this", whom[p]);
}

static enum err check_answer(struct ctx *c, const struct status *s)
{
    struct bond mine = { 0 };
    struct bond theirs = { 0 };
    enum reply_policy p = s->reply_policy;
    if (p == REPLY_ANYBODY || s->account_id == c->me->id || (p != REPLY_NOBODY && is_named(c, s, c->me->id)))
        return OK;
    if (p == REPLY_FOLLOWERS)
        TRY(store_bond_load(c, c->me->id, &s->account_id, 1, &mine));
    if (p == REPLY_FOLLOWED)
        TRY(store_bond_load(c, s->account_id, &c->me->id, 1, &theirs));
    return mine.follows || theirs.follows ? OK : denied(c, p);
}

enum err reply_check(struct ctx *c, const struct status *parent)
{
    struct status *first = NULL;
    TRY(check_answer(c, parent));
    if (parent->thread_id == parent->id)
        return OK;
    TRY(store_status_find(c, parent->thread_id, &first));
    return first == NULL ? OK : check_answer(c, first);
}

static enum err revoke(struct ctx *c, const struct status *s, const struct quote *q, bool *changed)
{
    TX tx = { 0 };
    bool exists = false;
    TRY(tx_begin(c, &tx));
    TRY(store_status_lock(c, q->quoted_id, NULL));
    TRY(store_quote_revoke(c, q, changed));
    if (*changed && is_counted(s))
        TRY(store_status_counted(c, q->quoted_id, STATUS_QUOTES, -1, &exists));
    TRY(store_notification_retract(c, c->me->id, NOTE_QUOTE, s->account_id, s->id));
    return tx_commit(&tx);
}

enum err quote_revoke(struct ctx *c, int64_t quoted_id, int64_t id, struct status **out)
{
    struct status *mine = NULL;
    struct quote *q = NULL;
    bool changed = false;
    TRY(member_may_write(c));
    if (quoted_id != 0)
        TRY(status_own(c, quoted_id, &mine));
    TRY(status_see(c, id, out, NULL));
    TRY(store_quote_load(c, &id, 1, &q));
    if (q == NULL || (quoted_id != 0 && q->quoted_id != quoted_id))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    if (q->quoted_account_id != c->me->id)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(revoke(c, *out, q, &changed));
    if (changed) {
        feed_status_counted(c->feed, id, FEED_QUOTES, 0);
        feed_status_counted(c->feed, q->quoted_id, FEED_QUOTES, -1);
    }
    return OK;
}

enum err status_set_policy(struct ctx *c, int64_t id, int quote, int reply, struct status **out)
{
    TX tx = { 0 };
    TRY(status_own(c, id, out));
    if ((*out)->reblog_of_id != 0)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    if (quote >= 0)
        (*out)->quote_policy = (enum quote_policy)quote;
    if (reply >= 0)
        (*out)->reply_policy = (enum reply_policy)reply;
    TRY(tx_begin(c, &tx));
    TRY(store_status_set_policy(c, *out));
    TRY(tx_commit(&tx));
    feed_status_counted(c->feed, id, FEED_QUOTES, 0);
    return OK;
}

static enum err quoting(struct ctx *c, const void *what, const struct page *p, struct page_row **out, int64_t *n)
{
    return store_quote_of(c, *(const int64_t *)what, p, out, n);
}

enum err status_quotes(struct ctx *c, int64_t id, const struct page *p, struct status_page *out)
{
    struct status *s = NULL;
    TRY(status_see(c, id, &s, NULL));
    int64_t of = s->reblog_of_id != 0 ? s->reblog_of_id : id;
    return status_page_fill(c, quoting, NULL, &of, VISIBLE_PAGE, FILTER_THREAD, p, out);
}
