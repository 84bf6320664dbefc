/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status.h"

#include "base/clock.h"
#include "core/attachment.h"
#include "core/card.h"
#include "core/compose.h"
#include "core/conversation.h"
#include "core/mention.h"
#include "core/notify.h"
#include "core/poll.h"
#include "core/quote.h"
#include "core/status_row.h"
#include "core/text.h"
#include "core/trend.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/bond.h"
#include "store/claim.h"
#include "store/job.h"
#include "store/pin.h"
#include "store/poll.h"
#include "store/scheduled.h"
#include "store/status.h"
#include "store/status_version.h"
#include "store/thread.h"
#include "store/tx.h"

/* A publication on its way: all that is decided before the transaction. */
struct publication {
    struct status s;
    const struct status_draft *draft;
    struct account author; /* as c->me; its counts are those of the commit */
    struct poll poll;      /* with PART_POLL */
    struct str key;        /* of the claim; p == NULL: none */
    struct quote quote;    /* with PART_QUOTE */
    int64_t quoted;        /* who is told of it */
    int64_t quoted_n;
    int64_t told[COMPOSE_MENTIONS_MAX];
    int64_t told_n;
};

static enum err mentioned_ids(struct ctx *c, const struct status *s, int64_t *ids, int64_t *n)
{
    const struct mention *m = NULL;
    *n = mention_list(c->arena, s->mentions, &m);
    for (int64_t i = 0; i < *n; i++)
        ids[i] = m[i].id;
    return OK;
}

static enum err answer_to(struct ctx *c, int64_t parent_id, struct status *s)
{
    struct status *parent = NULL;
    if (parent_id == 0)
        return OK;
    TRY(status_see(c, parent_id, &parent, NULL));
    if (parent->reblog_of_id != 0)
        TRY(status_see(c, parent->reblog_of_id, &parent, NULL));
    if (parent->standing.kind >= STANDING_HELD)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(reply_check(c, parent));
    s->in_reply_to_id = parent->id;
    s->in_reply_to_account_id = parent->account_id;
    s->thread_id = parent->thread_id;
    return OK;
}

/* Asked inside the transaction, where the pages are at hand: on a connection of its own every commit makes it read them
   anew. */
static enum err has_listeners(struct ctx *c, const struct status *s, bool *out)
{
    int64_t one = 0;
    int64_t n = 0;
    bool is_answer = s->in_reply_to_id != 0 && s->in_reply_to_account_id != s->account_id;
    *out = false;
    if (s->visibility == VIS_DIRECT || is_answer)
        return OK;
    TRY(store_bond_listeners(c, s->account_id, 0, 1, &one, &n));
    *out = n > 0;
    return OK;
}

static enum err prepare(struct ctx *c, const struct status_draft *d, struct publication *p)
{
    struct status *s = &p->s;
    p->draft = d;
    *s = (struct status){
        .account_id = c->me->id,
        .app_id = c->session == NULL ? 0 : c->session->app_id,
        .created_ms = c->now_ms,
    };
    TRY(compose(c, d, s));
    TRY(quote_compose(c, d, s, &p->quote));
    if (d->poll.options_n > 0) {
        s->parts |= PART_POLL;
        TRY(poll_compose(c, &d->poll, NULL, &p->poll));
    }
    TRY(answer_to(c, d->in_reply_to_id, s));
    TRY(mentioned_ids(c, s, p->told, &p->told_n));
    p->quoted = p->quote.quoted_account_id;
    p->quoted_n = p->quoted != 0 ? 1 : 0;
    TRY(notify_filter(c, s->thread_id, &p->quoted, &p->quoted_n));
    return notify_filter(c, s->thread_id, p->told, &p->told_n);
}

/* Inside the transaction, so that of two requests with one key the second sees the first's claim (SQLite: they take
   turns; PostgreSQL: it loses at store_claim_take and comes back). */
static enum err find_replay(struct ctx *c, struct str key, struct status **out)
{
    int64_t id = 0;
    *out = NULL;
    if (key.p == NULL)
        return OK;
    TRY(store_claim_find(c, CLAIM_IDEMPOTENCY, key, &id));
    if (id == 0)
        return OK;
    TRY(store_status_find(c, id, out));
    return *out != NULL ? OK : fail(c, ERR_GONE, "This parley was published and deleted since");
}

/* Published once: whoever comes second finds the row gone. */
static enum err take_scheduled(struct ctx *c, int64_t id)
{
    bool found = true;
    if (id != 0)
        TRY(store_scheduled_delete(c, id, &found));
    return found ? OK : fail(c, ERR_GONE, "This was published or called off");
}

static enum err insert_all(struct ctx *c, struct publication *p)
{
    struct status *s = &p->s;
    bool listened_to = false;
    bool kept = false;
    TRY(take_scheduled(c, p->draft->scheduled_id));
    TRY(store_status_insert(c, s));
    TRY(attachments_attach(c, p->draft, s, STR("[]")));
    if ((s->parts & PART_POLL) != 0)
        TRY(poll_replace(c, s->id, NULL, &p->poll, 0, &kept));
    if ((s->parts & PART_QUOTE) != 0)
        TRY(quote_store(c, s, &p->quote));
    TRY(card_want(c, s));
    if (p->key.p != NULL)
        TRY(store_claim_take(c, CLAIM_IDEMPOTENCY, p->key, s->id, c->now_ms + IDEMPOTENCY_HOURS * HOUR_MS));
    if (s->in_reply_to_id != 0)
        TRY(store_thread_insert(c, s->thread_id, s->id, s->in_reply_to_id));
    TRY(status_row_tags(c, s, STR("[]"), s->tags));
    TRY(status_row_count_other(c, s, 1));
    TRY(status_row_count_author(c, s, 1, &p->author));
    TRY(notify_all(c, p->told, p->told_n, NOTE_MENTION, s->id));
    TRY(notify_all(c, &p->quoted, p->quoted_n, NOTE_QUOTE, s->id));
    TRY(conversation_add(c, s));
    TRY(has_listeners(c, s, &listened_to));
    if (listened_to)
        TRY(store_job_add(c, JOB_STATUS_PUBLISHED, s->id, STR(""), c->now_ms));
    return OK;
}

/* What was published before under the same key comes back in *replay; then nothing is written, but the answer still
   waits for the disk, since the first one may not be there yet. */
static enum err store_publication(struct ctx *c, struct publication *p, struct status **replay)
{
    TX tx = { 0 };
    TRY(tx_begin(c, &tx));
    TRY(find_replay(c, p->key, replay));
    if (*replay == NULL)
        TRY(insert_all(c, p));
    return tx_commit(&tx);
}

enum err status_key(struct ctx *c, const struct status_draft *d, struct str *key)
{
    *key = (struct str){ 0 };
    if (d->idempotency_key.n > IDEMPOTENCY_KEY_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Idempotency-Key is longer than %d bytes", IDEMPOTENCY_KEY_MAX);
    if (d->idempotency_key.n > 0)
        *key = arena_strf(c->arena, "%lld:" STR_FMT, (long long)c->me->id, STR_ARG(d->idempotency_key));
    return OK;
}

enum err status_check(struct ctx *c, const struct status_draft *d)
{
    return prepare(c, d, ARENA_NEW(c->arena, struct publication));
}

enum err status_publish(struct ctx *c, const struct status_draft *d, struct status **out)
{
    struct published done = { 0 };
    TRY(status_publish_now(c, d, &done));
    *out = done.status;
    return OK;
}

enum err status_publish_now(struct ctx *c, const struct status_draft *d, struct published *out)
{
    struct publication *p = ARENA_NEW(c->arena, struct publication);
    struct status *replay = NULL;
    TRY(member_may_write(c));
    p->author = *c->me;
    TRY(status_key(c, d, &p->key));
    TRY(prepare(c, d, p));
    enum err e = store_publication(c, p, &replay);
    if (e == ERR_CONFLICT)
        e = store_publication(c, p, &replay);
    TRY(e);
    *out = (struct published){ .status = replay };
    if (replay != NULL)
        return OK;
    status_row_tell_added(c, &p->s);
    trend_published(c, &p->s);
    if (p->quote.quoted_id != 0) {
        feed_status_counted(c->feed, p->quote.quoted_id, FEED_QUOTES, 1);
        trend_reacted(c, p->quote.quoted_id, p->quote.quoted_account_id);
    }
    *out = (struct published){ .status = &p->s, .author = p->s.visibility == VIS_DIRECT ? NULL : &p->author };
    return OK;
}

enum err status_own(struct ctx *c, int64_t id, struct status **out)
{
    TRY(member_may_write(c));
    TRY(status_see(c, id, out, NULL));
    if ((*out)->account_id != c->me->id)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    return OK;
}

static enum err version_of(struct ctx *c, const struct status *s, const struct poll *p, int64_t version,
                           struct status_version *out)
{
    *out = (struct status_version){
        .version = version,
        .text = s->text,
        .spoiler = s->spoiler,
        .sensitive = s->sensitive,
        .mentions = s->mentions,
        .tags = s->tags,
        .media = s->media,
        .created_ms = s->edited_ms != 0 ? s->edited_ms : s->created_ms,
        .poll = p == NULL ? (struct str){ 0 } : p->titles,
    };
    return attachments_version(c, s->media, &out->media);
}

static bool same_language(struct str a, struct str b)
{
    return (a.p == NULL) == (b.p == NULL) && str_eq(a, b);
}

static bool says_the_same(const struct status *a, const struct status *b)
{
    return str_eq(a->text, b->text) && str_eq(a->spoiler, b->spoiler) && a->sensitive == b->sensitive
           && str_eq(a->media, b->media) && same_language(a->language, b->language);
}

/* An edit on its way. */
struct edit {
    const struct status_draft *draft;
    struct status now;
    bool polls;        /* the poll is edited, too */
    struct poll *poll; /* what it becomes; NULL: none */
    int64_t told[COMPOSE_MENTIONS_MAX];
    int64_t told_n;
};

static enum err store_versions(struct ctx *c, const struct status *was, const struct poll *was_poll,
                               const struct edit *e, int64_t *version)
{
    int64_t versions = 0;
    TRY(store_status_version_count(c, was->id, &versions));
    if (versions >= STATUS_VERSIONS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: A parley may be edited %d times", STATUS_VERSIONS_MAX - 1);
    *version = versions == 0 ? 1 : versions;
    struct status_version before = { 0 };
    struct status_version after = { 0 };
    TRY(version_of(c, was, was_poll, 0, &before));
    TRY(attachments_attach(c, e->draft, &e->now, was->media));
    TRY(version_of(c, &e->now, e->polls ? e->poll : was_poll, *version, &after));
    if (versions == 0)
        TRY(store_status_version_insert(c, was->id, &before));
    return store_status_version_insert(c, was->id, &after);
}

/* The row is locked, so that of two edits at once each sees the other's version. */
static enum err store_edit(struct ctx *c, struct edit *e)
{
    TX tx = { 0 };
    struct status *now = &e->now;
    struct status *was = NULL;
    struct poll *was_poll = NULL;
    bool kept = true;
    int64_t version = 0;
    TRY(tx_begin(c, &tx));
    TRY(store_status_lock(c, now->id, &(bool){ false }));
    TRY(store_status_get(c, now->id, &was));
    if ((was->parts & PART_POLL) != 0)
        TRY(store_poll_find(c, now->id, &was_poll));
    now->edited_ms = c->now_ms > was->edited_ms ? c->now_ms : was->edited_ms + 1;
    TRY(store_versions(c, was, was_poll, e, &version));
    if (e->polls)
        TRY(poll_replace(c, now->id, was_poll, e->poll, version, &kept));
    else
        now->parts = (now->parts & ~(unsigned)PART_POLL) | (was->parts & PART_POLL);
    TRY(store_status_update(c, now));
    TRY(card_want(c, now));
    TRY(status_row_tags(c, now, was->tags, now->tags));
    TRY(notify_all(c, e->told, e->told_n, NOTE_MENTION, now->id));
    TRY(conversation_edit(c, was, now));
    if (was->reblogs_count > 0 || was->quotes_count > 0)
        TRY(store_job_add(c, JOB_STATUS_EDITED, now->id, STR(""), c->now_ms));
    return tx_commit(&tx);
}

/* Whoever is named now and was not before. */
static enum err newly_named(struct ctx *c, const struct status *was, const struct status *now, int64_t *ids, int64_t *n)
{
    int64_t before[COMPOSE_MENTIONS_MAX];
    int64_t before_n = 0;
    int64_t kept = 0;
    TRY(mentioned_ids(c, was, before, &before_n));
    TRY(mentioned_ids(c, now, ids, n));
    for (int64_t i = 0; i < *n; i++) {
        bool known = false;
        for (int64_t j = 0; j < before_n; j++)
            known = known || before[j] == ids[i];
        if (!known)
            ids[kept++] = ids[i];
    }
    *n = kept;
    return notify_filter(c, now->thread_id, ids, n);
}

/* *same: what is asked for is what there is. */
static enum err prepare_poll(struct ctx *c, const struct poll_draft *d, struct edit *e, bool *same)
{
    struct poll *was = NULL;
    *same = true;
    if (!d->given)
        return OK;
    if ((e->now.parts & PART_POLL) != 0)
        TRY(store_poll_find(c, e->now.id, &was));
    e->polls = true;
    e->now.parts &= ~(unsigned)PART_POLL;
    if (d->options_n > 0) {
        e->poll = ARENA_NEW(c->arena, struct poll);
        e->now.parts |= PART_POLL;
        TRY(poll_compose(c, d, was, e->poll));
    }
    *same = poll_same(was, e->poll);
    return OK;
}

enum err status_edit(struct ctx *c, int64_t id, const struct status_draft *d, struct status **out)
{
    struct status *was = NULL;
    struct edit *e = ARENA_NEW(c->arena, struct edit);
    bool same_poll = false;
    bool described = false;
    TRY(status_own(c, id, &was));
    if (was->reblog_of_id != 0 || was->standing.kind >= STANDING_HELD)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    e->now = *was;
    e->draft = d;
    TRY(compose(c, d, &e->now));
    TRY(prepare_poll(c, &d->poll, e, &same_poll));
    TRY(attachments_would_change(c, d, &described));
    *out = was;
    if (says_the_same(was, &e->now) && same_poll && !described)
        return OK;
    TRY(newly_named(c, was, &e->now, e->told, &e->told_n));
    TRY(store_edit(c, e));
    feed_status_changed(c->feed, &e->now);
    trend_edited(c, was, &e->now);
    *out = &e->now;
    return OK;
}

enum err status_history(struct ctx *c, int64_t id, struct status_version **out, int64_t *n)
{
    struct status *s = NULL;
    TRY(status_see(c, id, &s, NULL));
    struct poll *p = NULL;
    TRY(store_status_version_list(c, id, out, n));
    if (*n > 0)
        return OK;
    if ((s->parts & PART_POLL) != 0)
        TRY(store_poll_find(c, id, &p));
    return version_of(c, s, p, 0, &(*out)[(*n)++]);
}

static enum err by_author(struct ctx *c, const void *what, const struct page *p, struct page_row **out, int64_t *n)
{
    return store_status_of_author(c, what, p, out, n);
}

static enum err pinned_of(struct ctx *c, const void *what, const struct page *p, struct page_row **out, int64_t *n)
{
    const struct author_page *a = what;
    int64_t ids[PINS_MAX];
    (void)p;
    TRY(store_pin_list(c, a->account_id, ids, n));
    *out = ARENA_ARRAY(c->arena, PINS_MAX, struct page_row);
    for (int64_t i = 0; i < *n; i++)
        (*out)[i] = (struct page_row){ .row_id = ids[i], .id = ids[i] };
    return OK;
}

static enum err followed(struct ctx *c, int64_t account_id, bool *out)
{
    struct bond b = { 0 };
    TRY(store_bond_load(c, c->me == NULL ? 0 : c->me->id, &account_id, 1, &b));
    *out = b.follows;
    return OK;
}

enum err status_of_author(struct ctx *c, const struct author_page *a, const struct page *p, struct status_page *out)
{
    struct account *author = NULL;
    bool follows = false;
    bool is_own = c->me != NULL && c->me->id == a->account_id;
    *out = (struct status_page){ 0 };
    TRY(account_see(c, a->account_id, &author));
    if (a->pinned) {
        struct page all = { .limit = PINS_MAX + 1 };
        return status_page_fill(c, pinned_of, NULL, a, VISIBLE_ASKED, FILTER_ACCOUNT, &all, out);
    }
    TRY(followed(c, a->account_id, &follows));
    struct status_filter f = {
        .account_id = a->account_id,
        .visibility_max = is_own    ? VIS_DIRECT
                          : follows ? VIS_PRIVATE
                                    : VIS_UNLISTED,
        .reader_id = c->me == NULL ? 0 : c->me->id,
        .hidden_too = is_own || (c->me != NULL && c->me->role >= ROLE_MODERATOR),
        .exclude_replies = a->exclude_replies,
        .exclude_reblogs = a->exclude_reblogs,
        .only_media = a->only_media,
        .tag = a->tagged.p == NULL ? a->tagged : text_tag_key(c->arena, a->tagged),
    };
    return status_page_fill(c, by_author, NULL, &f, VISIBLE_ASKED, FILTER_ACCOUNT, p, out);
}
