/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/feed.h"

#include <stdlib.h>
#include <string.h>

#include "feed/inside.h"
#include "store/news.h"

#define RING_KEEP 100000

struct feed *feed_new(const struct feed_options *o)
{
    struct feed *f = calloc(1, sizeof *f);
    if (f == NULL)
        abort();
    f->options = *o;
    if (o->snapshot_path.p != NULL) {
        char *path = strndup(o->snapshot_path.p, o->snapshot_path.n);
        if (path == NULL)
            abort();
        f->options.snapshot_path.p = path;
    }
    graph_init(&f->graph, (size_t)o->tail_max, RING_KEEP);
    rendered_init(&f->rendered, o->budget > 0);
    rendered_emojis(&f->rendered, o->emojis);
    people_init(&f->people, o->budget > 0);
    sieves_init(&f->sieves, o->budget / 40);
    shown_init(&f->shown, o->budget > 0);
    f->trends = trends_new();
    lock_init(&f->saving, LOCK_FEED_SAVING);
    feed_divide(f);
    return f;
}

void feed_free(struct feed **f)
{
    if (*f == NULL)
        return;
    graph_fini(&(*f)->graph);
    rendered_fini(&(*f)->rendered);
    people_fini(&(*f)->people);
    sieves_fini(&(*f)->sieves);
    shown_fini(&(*f)->shown);
    trends_free(&(*f)->trends);
    lock_fini(&(*f)->saving);
    if ((*f)->options.snapshot_path.p != NULL)
        free((void *)(uintptr_t)(*f)->options.snapshot_path.p);
    free(*f);
    *f = NULL;
}

void feed_divide(struct feed *f)
{
    size_t budget = f->options.budget;
    size_t taken = 0;
    {
        WRITING(&f->graph.lock);
        f->graph.readers.bytes_max = budget / 5;
        taken = authors_bytes(&f->graph.authors) + budget / 5 + budget / 20 + budget / 16;
    }
    size_t left = taken < budget ? budget - taken : 0;
    people_budget(&f->people, budget / 20);
    shown_budget(&f->shown, budget / 16);
    rendered_budget(&f->rendered, left > budget / 8 ? left : budget / 8);
}

static uint8_t flags_of(enum visibility v, enum standing_kind standing, bool is_reply, bool is_echo)
{
    unsigned flags = (unsigned)v;
    if (standing == STANDING_HELD)
        flags |= ENTRY_HELD;
    if (standing == STANDING_REMOVED)
        flags |= ENTRY_REMOVED;
    if (is_reply)
        flags |= ENTRY_REPLY;
    if (is_echo)
        flags |= ENTRY_ECHO;
    return (uint8_t)flags;
}

/* As status_listed, but for what the author's standing says: that is asked when the page is made. */
static bool is_listed(enum visibility v, enum standing_kind standing, bool is_echo, bool is_remote)
{
    return v == VIS_PUBLIC && standing < STANDING_LIMITED && !is_echo && !is_remote;
}

struct told told_of_row(const struct feed_row *r)
{
    bool is_echo = r->reblog_of_id != 0;
    bool is_own = r->in_reply_to_account_id == 0 || r->in_reply_to_account_id == r->account_id;
    struct told t = {
        .id = r->id,
        .account_id = r->account_id,
        .other_id = is_echo ? r->reblog_of_account_id : r->in_reply_to_account_id,
        .flags = flags_of(r->visibility, r->standing, !is_echo && r->in_reply_to_account_id != 0, is_echo),
        .lang = r->language,
        .mentions = r->mentions,
    };
    if (is_own && is_listed(r->visibility, r->standing, is_echo, r->is_remote))
        t.flags |= ENTRY_LISTED;
    if (r->has_media)
        t.flags |= ENTRY_MEDIA;
    return t;
}

struct told told_of(const struct status *s)
{
    struct feed_row r = {
        .id = s->id,
        .account_id = s->account_id,
        .visibility = s->visibility,
        .standing = s->standing.kind,
        .in_reply_to_id = s->in_reply_to_id,
        .in_reply_to_account_id = s->in_reply_to_account_id,
        .reblog_of_id = s->reblog_of_id,
        .reblog_of_account_id = s->reblog_of_account_id,
        .language = s->language,
        .mentions = s->mentions,
        .is_remote = s->uri.p != NULL,
        .has_media = s->media.n > 2,
    };
    struct told t = told_of_row(&r);
    t.since_ms = s->standing.since_ms;
    return t;
}

static void tell(struct feed *f, enum news_kind kind, const struct status *s)
{
    news_tell(f->options.news, &(struct news_item){ .kind = kind, .account_id = s->account_id, .id = s->id });
}

void feed_status_added(struct feed *f, const struct status *s)
{
    struct told t = told_of(s);
    {
        WRITING(&f->graph.lock);
        graph_add(&f->graph, &t);
    }
    shown_status_moved(&f->shown, s);
    tell(f, NEWS_STATUS_ADDED, s);
}

void feed_status_placed(struct feed *f, const struct status *s)
{
    shown_status_moved(&f->shown, s);
}

void feed_status_changed(struct feed *f, const struct status *s)
{
    struct told t = told_of(s);
    {
        WRITING(&f->graph.lock);
        graph_changed(&f->graph, &t);
    }
    rendered_changed(&f->rendered, &f->rendered.statuses, s->id);
    shown_all_changed(&f->shown);
    tell(f, NEWS_STATUS_CHANGED, s);
}

void feed_status_removed(struct feed *f, const struct status *s)
{
    {
        WRITING(&f->graph.lock);
        graph_removed(&f->graph, s->account_id, s->id);
    }
    rendered_changed(&f->rendered, &f->rendered.statuses, s->id);
    shown_status_moved(&f->shown, s);
    struct news_item gone = { .kind = NEWS_STATUS_REMOVED,
                              .account_id = s->account_id,
                              .id = s->id,
                              .visibility = s->visibility,
                              .is_public = is_listed(s->visibility, s->standing.kind, s->reblog_of_id != 0, false),
                              .text = s->tags,
                              .mentions = s->mentions };
    news_tell(f->options.news, &gone);
}

void feed_status_counted(struct feed *f, int64_t status_id, enum feed_count which, int64_t delta)
{
    (void)which;
    (void)delta;
    rendered_changed(&f->rendered, &f->rendered.statuses, status_id);
    shown_subject_changed(&f->shown, status_id);
}

static void reader_changed(struct feed *f, int64_t account_id, unsigned parts)
{
    WRITING(&f->graph.lock);
    ++*graph_generation(&f->graph, account_id);
    reader_forget(&f->graph.readers, account_id, parts);
}

void feed_marked(struct feed *f, int64_t account_id, int64_t status_id, enum feed_mark mark, bool on)
{
    (void)status_id;
    (void)on;
    reader_changed(f, account_id, READER_MARKS);
    if (mark == FEED_PINNED) /* others see it, on the account's page */
        shown_subject_changed(&f->shown, account_id);
}

void feed_follow_changed(struct feed *f, int64_t account_id)
{
    reader_changed(f, account_id, READER_FOLLOWS);
}

void feed_relations_changed(struct feed *f, int64_t account_id)
{
    reader_changed(f, account_id, READER_HIDES | READER_MARKS);
}

static void tell_account(struct feed *f, int64_t account_id)
{
    news_tell(f->options.news, &(struct news_item){ .kind = NEWS_ACCOUNT_CHANGED, .account_id = account_id });
}

void feed_account_changed(struct feed *f, int64_t account_id)
{
    {
        WRITING(&f->graph.lock);
        graph_account_changed(&f->graph, account_id);
    }
    people_account_changed(&f->people, account_id);
    rendered_author_changed(&f->rendered, account_id);
    shown_all_changed(&f->shown);
    tell_account(f, account_id);
}

void feed_account_counted(struct feed *f, int64_t account_id, int64_t statuses, int64_t followers, int64_t following,
                          int64_t last_status_ms)
{
    (void)statuses;
    (void)followers;
    (void)following;
    (void)last_status_ms; /* who they are stays: people's counts may be old */
    rendered_changed(&f->rendered, &f->rendered.accounts, account_id);
    rendered_changed(&f->rendered, &f->rendered.selves, account_id);
    shown_subject_changed(&f->shown, account_id);
}

void feed_account_removed(struct feed *f, int64_t account_id)
{
    {
        WRITING(&f->graph.lock);
        graph_account_removed(&f->graph, account_id);
    }
    people_account_changed(&f->people, account_id);
    people_sessions_ended(&f->people, account_id);
    rendered_author_changed(&f->rendered, account_id);
    shown_all_changed(&f->shown);
    tell_account(f, account_id);
}

void feed_emojis_changed(struct feed *f, uint64_t version)
{
    rendered_emojis(&f->rendered, version);
    shown_all_changed(&f->shown);
}

void feed_session_ended(struct feed *f, struct str token_hash)
{
    people_session_ended(&f->people, token_hash);
    news_tell(f->options.news, &(struct news_item){ .kind = NEWS_SESSION_ENDED, .text = token_hash });
}

void feed_sessions_ended(struct feed *f, int64_t account_id)
{
    people_sessions_ended(&f->people, account_id);
    tell_account(f, account_id);
}

void feed_rendered_status(struct feed *f, int64_t id, const struct rendered **out, uint64_t *ticket)
{
    rendered_find(&f->rendered, &f->rendered.statuses, id, out, ticket);
}

void feed_rendered_account(struct feed *f, int64_t id, const struct rendered **out, uint64_t *ticket)
{
    rendered_find(&f->rendered, &f->rendered.accounts, id, out, ticket);
}

void feed_rendered_put_status(struct feed *f, const struct rendered *r, uint64_t ticket)
{
    rendered_put(&f->rendered, &f->rendered.statuses, r, ticket);
}

void feed_requests_changed(struct feed *f, int64_t account_id)
{
    rendered_changed(&f->rendered, &f->rendered.selves, account_id);
}

void feed_rendered_self(struct feed *f, int64_t id, const struct rendered **out, uint64_t *ticket)
{
    rendered_find(&f->rendered, &f->rendered.selves, id, out, ticket);
}

void feed_rendered_put_self(struct feed *f, const struct rendered *r, uint64_t ticket)
{
    rendered_put(&f->rendered, &f->rendered.selves, r, ticket);
}

void feed_rendered_put_account(struct feed *f, const struct rendered *r, uint64_t ticket)
{
    rendered_put(&f->rendered, &f->rendered.accounts, r, ticket);
}

void feed_rendered_release(struct feed *f, const struct rendered **r)
{
    (void)f;
    rendered_release(r);
}

void feed_look_begin(struct feed *f)
{
    rwlock_read(&f->rendered.lock);
}

const struct rendered *feed_look_status(struct feed *f, int64_t id)
{
    return rendered_look(&f->rendered, &f->rendered.statuses, id);
}

const struct rendered *feed_look_account(struct feed *f, int64_t id)
{
    return rendered_look(&f->rendered, &f->rendered.accounts, id);
}

void feed_look_end(struct feed *f)
{
    rwlock_release(&f->rendered.lock);
}

void feed_shown_begin(struct ctx *c, struct feed_shown *out)
{
    *out = (struct feed_shown){ .as_of = shown_tick(&c->feed->shown), .site = c->site, .made_ms = c->now_ms };
}

void feed_page_put(struct feed *f, const struct feed_shown *what, const struct feed_page *p)
{
    shown_put(&f->shown, what, p);
}

bool feed_page_find(struct ctx *c, struct str key, struct str known, struct feed_page *out)
{
    return shown_find(c, key, known, out);
}

struct trends *feed_trends(struct feed *f)
{
    return f->trends;
}

uint64_t feed_tick(struct feed *f)
{
    return shown_tick(&f->shown);
}

void feed_stats(const struct feed *f, struct feed_stats *out)
{
    struct feed *own = (struct feed *)(uintptr_t)f; /* only its locks are touched */
    *out = (struct feed_stats){
        .budget = (int64_t)f->options.budget,
        .load_us = __atomic_load_n(&f->load_us, __ATOMIC_RELAXED),
    };
    {
        READING(&own->graph.lock);
        out->bytes = (int64_t)(authors_bytes(&f->graph.authors) + ring_bytes(&f->graph.ring) + f->graph.readers.bytes);
        out->authors = f->graph.authors.n - 1;
        out->entries = f->graph.authors.entries;
        out->readers = (int64_t)f->graph.readers.n;
        out->evicted[KEPT_READERS] = f->graph.readers.evicted;
    }
    {
        READING(&own->sieves.lock);
        out->bytes += (int64_t)f->sieves.all.bytes;
        out->evicted[KEPT_FILTERS] = f->sieves.all.evicted;
    }
    {
        READING(&own->rendered.lock);
        out->bytes += (int64_t)(f->rendered.statuses.entries.bytes + f->rendered.accounts.entries.bytes
                                + f->rendered.selves.entries.bytes);
        out->rendered = (int64_t)(f->rendered.statuses.entries.n + f->rendered.accounts.entries.n);
        out->evicted[KEPT_RENDERED] = f->rendered.statuses.entries.evicted + f->rendered.accounts.entries.evicted
                                      + f->rendered.selves.entries.evicted;
    }
    {
        READING(&own->shown.lock);
        out->bytes += (int64_t)f->shown.pages.bytes;
        out->evicted[KEPT_PAGES] = f->shown.pages.evicted;
    }
    READING(&own->people.lock);
    out->bytes += (int64_t)(f->people.sessions.bytes + f->people.accounts.bytes);
    out->evicted[KEPT_PEOPLE] = f->people.sessions.evicted + f->people.accounts.evicted;
    out->hits = __atomic_load_n(&f->hits, __ATOMIC_RELAXED);
    out->misses = __atomic_load_n(&f->misses, __ATOMIC_RELAXED);
}
