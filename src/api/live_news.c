/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "api/entity.h"
#include "api/live_inside.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/jw.h"
#include "core/compose.h"
#include "core/conversation.h"
#include "core/filter.h"
#include "core/mention.h"
#include "core/notification.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "model/scope.h"
#include "net/ws.h"
#include "store/account.h"
#include "store/follow.h"
#include "store/status.h"
#include "store/tag.h"
#include "store/tag_mark.h"

/* One piece of news on its way: who shall see it is asked member by member, what they see is rendered once for all who
   see the same, and framed once for all who subscribed alike. */

#define FOLLOWERS_RUN 80 /* followers that are read at once */

/* A frame as a WebSocket gets it: the label of the subscription stands in it. */
struct frame {
    struct frame *next;
    struct str label;
    struct str bytes;
};

/* What one or many see of it. */
struct view {
    struct view *next;
    struct str payload; /* JSON, or a bare word; p == NULL: none */
    struct str events;  /* as server-sent events are told; made when first needed */
    struct frame *frames;
};

struct telling {
    struct live *l;
    struct ctx *c; /* of the event, of nobody */
    struct str event;
    const struct status *s;
    const struct account *author;
    struct view *views;
    struct view *gone;     /* the number of what is not there any more */
    struct view *plain[2]; /* what everybody sees of it who has no part in it; [1]: of those who follow its author */
};

static struct view *view_of(struct telling *t, struct str payload)
{
    for (struct view *v = t->views; v != NULL; v = v->next)
        if ((v->payload.p == NULL) == (payload.p == NULL) && str_eq(v->payload, payload))
            return v;
    struct view *v = ARENA_NEW(t->c->arena, struct view);
    *v = (struct view){ .next = t->views, .payload = payload };
    if (payload.p != NULL)
        v->payload = arena_str(t->c->arena, payload);
    t->views = v;
    return v;
}

static struct str frame_of(struct telling *t, struct view *v, struct str label)
{
    for (struct frame *f = v->frames; f != NULL; f = f->next)
        if (str_eq(f->label, label))
            return f->bytes;
    struct jw w = jw_on(t->c->arena);
    struct buf b = buf_on(t->c->arena);
    struct frame *f = ARENA_NEW(t->c->arena, struct frame);
    jw_obj(&w);
    jw_kraw(&w, STR("stream"), label);
    jw_kstr(&w, STR("event"), t->event);
    if (v->payload.p != NULL)
        jw_kstr(&w, STR("payload"), v->payload);
    jw_obj_end(&w);
    ws_put_text(&b, jw_end(&w));
    *f = (struct frame){ v->frames, arena_str(t->c->arena, label), buf_str(&b) };
    v->frames = f;
    return f->bytes;
}

/* JSON has no line ends of its own. Without a payload "null" is said: some clients read nothing else. */
static struct str events_of(struct telling *t, struct view *v)
{
    struct str data = v->payload.p == NULL ? STR("null") : v->payload;
    if (v->events.p == NULL)
        v->events =
            arena_strf(t->c->arena, "event: " STR_FMT "\ndata: " STR_FMT "\n\n", STR_ARG(t->event), STR_ARG(data));
    return v->events;
}

static void send_to(struct telling *t, struct view *v, const struct sub *s)
{
    struct stream *to = s->viewer->stream;
    stream_send(to, stream_kind(to) == STREAM_SOCKET ? frame_of(t, v, s->label) : events_of(t, v));
}

static void send_to_all(struct telling *t, struct view *v, const struct topic *topic)
{
    for (const struct sub *s = topic == NULL ? NULL : topic->subs; s != NULL; s = s->next)
        send_to(t, v, s);
}

static struct topic *topic_of(struct live *l, enum channel_kind kind, int64_t account_id)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)account_id);
    return live_topic(l, kind, (struct str){ digits, (size_t)n });
}

/* --- parleys --- */

/* A parley that begins a thread and was just published carries no marks of anybody but its author's, and is shown to
   all others alike: to those who follow the author, and to those who do not (whether they may quote it stands in it).
 */
static bool is_plain(const struct telling *t, int64_t account_id)
{
    const struct rendered *r = NULL;
    uint64_t ticket = 0;
    if (!str_eq(t->event, STR("update")) || account_id == t->s->account_id || t->s->thread_id != t->s->id)
        return false;
    feed_rendered_status(t->c->feed, t->s->id, &r, &ticket);
    bool plain = r != NULL && r->reblog_of_id == 0;
    for (uint32_t i = 0; plain && i < r->slots_n; i++)
        plain = r->slots[i].kind == SLOT_ACCOUNT || r->slots[i].kind == SLOT_MARKS || r->slots[i].kind == SLOT_APPROVAL;
    if (r != NULL)
        feed_rendered_release(t->c->feed, &r);
    return plain;
}

/* As c->me sees it; NULL: it went away, or a filter of theirs hides it there. */
static struct view *rendered(struct telling *t, struct ctx *c, enum filter_context where, bool follows)
{
    SIEVE sieve = NULL;
    struct str json = { 0 };
    if (filter_sieve(c, &sieve) != OK)
        return NULL;
    bool plain = sieve == NULL && is_plain(t, c->me->id);
    if (plain && t->plain[follows] != NULL)
        return t->plain[follows];
    if (entity_statuses_in(c, where, &t->s->id, 1, &json) != OK || json.p == NULL)
        return NULL;
    struct view *v = view_of(t, json);
    if (plain)
        t->plain[follows] = v;
    return v;
}

/* On c->me's home, or in one of their lists (list_id 0: home), by the judge of those timelines; and what an echo echoes
   may be seen. */
static bool is_shown(const struct telling *t, struct ctx *c, int64_t list_id)
{
    const struct status *s = t->s;
    struct page just_it = { .max_id = s->id + 1, .since_id = s->id - 1, .limit = 1 };
    struct status *echoed = NULL;
    int64_t *ids = NULL;
    int64_t n = 0;
    enum err e = list_id == 0 ? feed_home(c, c->me->id, &just_it, &ids, &n)
                              : feed_list(c, c->me->id, list_id, &just_it, &ids, &n);
    if (e != OK || n != 1 || ids[0] != s->id)
        return false;
    return s->reblog_of_id == 0 || status_see_rendered(c, s->reblog_of_id) == OK
           || status_see(c, s->reblog_of_id, &echoed, NULL) == OK;
}

/* `follows`: the author. */
static void tell_reader(struct telling *t, const struct topic *topic, int64_t account_id, bool follows)
{
    struct ctx c;
    if (live_begin_as(t->l, account_id, &c) != OK || !is_shown(t, &c, 0))
        return;
    struct view *v = rendered(t, &c, FILTER_HOME, follows);
    if (v != NULL)
        send_to_all(t, v, topic);
}

static void tell_home(struct telling *t, const struct topic *topic, int64_t account_id)
{
    tell_reader(t, topic, account_id, true);
}

static void tell_by_tag(struct telling *t, const struct topic *topic, int64_t account_id)
{
    tell_reader(t, topic, account_id, false);
}

typedef void each_fn(struct telling *t, const struct topic *topic, int64_t account_id);

/* The smaller of two crowds is walked: followers that may be connected, or connected who may follow. */
static void each_follower(struct telling *t, each_fn *fn)
{
    struct live *l = t->l;
    if (t->author->followers_count > l->kinds_n[CHANNEL_USER]) {
        for (struct topic *topic = l->kinds[CHANNEL_USER]; topic != NULL; topic = topic->kind_next) {
            int64_t id = topic->subs->viewer->account_id;
            struct ctx c = live_begin(l, l->scratch);
            bool follows = false;
            if (id != t->author->id && feed_follows(&c, id, t->author->id, &follows) == OK && follows)
                fn(t, topic, id);
        }
        return;
    }
    struct page p = { .limit = FOLLOWERS_RUN };
    for (int64_t n = FOLLOWERS_RUN; n == FOLLOWERS_RUN;) {
        struct page_row *rows = NULL;
        if (store_follower_list(t->c, t->author->id, &p, &rows, &n) != OK)
            return;
        for (int64_t i = 0; i < n; i++) {
            struct topic *topic = topic_of(l, CHANNEL_USER, rows[i].id);
            if (topic != NULL)
                fn(t, topic, rows[i].id);
        }
        p.max_id = n > 0 ? rows[n - 1].row_id : 0;
    }
}

static void each_at_home(struct telling *t, each_fn *fn)
{
    struct topic *own = topic_of(t->l, CHANNEL_USER, t->author->id);
    if (own != NULL)
        fn(t, own, t->author->id);
    if (t->l->kinds_n[CHANNEL_USER] > (own != NULL ? 1 : 0))
        each_follower(t, fn);
}

/* Whether somebody who is connected follows one of the tags and not the author, who has told their followers already.
 */
static bool hears_by_tag(struct telling *t, int64_t account_id, const int64_t *tags, int64_t n)
{
    struct ctx c = live_begin(t->l, t->l->scratch);
    int64_t found[COMPOSE_TAGS_MAX];
    int64_t found_n = 0;
    bool follows = account_id == t->s->account_id;
    if (follows || feed_follows(&c, account_id, t->s->account_id, &follows) != OK || follows)
        return false;
    return feed_may_follow_tags(&c, account_id)
           && store_tag_mark_among(&c, TAG_MARK_FOLLOW, account_id, tags, n, found, &found_n) == OK && found_n > 0;
}

/* Those on whose home a parley stands because of its tags. */
static void each_by_tag(struct telling *t, struct str tags, each_fn *fn)
{
    int64_t ids[COMPOSE_TAGS_MAX];
    int64_t n = 0;
    const struct str *names = NULL;
    int64_t names_n = t->l->kinds_n[CHANNEL_USER] == 0 ? 0 : tag_list(t->c->arena, tags, &names);
    for (int64_t i = 0; i < names_n && n < COMPOSE_TAGS_MAX; i++)
        if (store_tag_find(t->c, names[i], &ids[n]) == OK && ids[n] != 0)
            n++;
    for (struct topic *topic = n == 0 ? NULL : t->l->kinds[CHANNEL_USER]; topic != NULL; topic = topic->kind_next) {
        int64_t id = topic->subs->viewer->account_id;
        if (hears_by_tag(t, id, ids, n))
            fn(t, topic, id);
    }
}

/* Whose list it is follows the author, or is they: members of lists are followed. */
static bool begin_as_reader(struct telling *t, const struct topic *topic, struct ctx *c)
{
    int64_t id = topic->subs->viewer->account_id;
    bool follows = id == t->s->account_id;
    return live_begin_as(t->l, id, c) == OK
           && (follows || (feed_follows(c, id, t->s->account_id, &follows) == OK && follows));
}

static void tell_lists(struct telling *t)
{
    for (struct topic *topic = t->l->kinds[CHANNEL_LIST]; topic != NULL; topic = topic->kind_next) {
        struct ctx c;
        int64_t list_id = 0;
        if (!begin_as_reader(t, topic, &c) || !str_to_i64(topic->key, &list_id) || !is_shown(t, &c, list_id))
            continue;
        struct view *v = rendered(t, &c, FILTER_HOME, true);
        if (v != NULL)
            send_to_all(t, v, topic);
    }
}

/* What strangers find: to everybody but those who block, are blocked by or mute the author. */
static void tell_public(struct telling *t, const struct topic *topic)
{
    for (const struct sub *s = topic == NULL ? NULL : topic->subs; s != NULL; s = s->next) {
        struct ctx c;
        int hides = FEED_SEEN;
        bool follows = false;
        if (live_begin_as(t->l, s->viewer->account_id, &c) != OK
            || feed_hidden(&c, c.me->id, t->author->id, &hides) != OK || hides != FEED_SEEN
            || feed_follows(&c, c.me->id, t->author->id, &follows) != OK)
            continue;
        struct view *v = rendered(t, &c, FILTER_PUBLIC, follows);
        if (v != NULL)
            send_to(t, v, s);
    }
}

static void each_public_topic(struct telling *t, struct str tags, bool in_timeline, bool has_media,
                              void (*fn)(struct telling *t, const struct topic *topic))
{
    bool is_local = t->s->uri.p == NULL;
    struct live *l = t->l;
    const struct str *names = NULL;
    int64_t n = tag_list(t->c->arena, tags, &names);
    if (in_timeline) {
        fn(t, live_topic(l, CHANNEL_PUBLIC, STR("")));
        fn(t, live_topic(l, is_local ? CHANNEL_LOCAL : CHANNEL_REMOTE, STR("")));
    }
    if (in_timeline && has_media) {
        fn(t, live_topic(l, CHANNEL_PUBLIC_MEDIA, STR("")));
        fn(t, live_topic(l, is_local ? CHANNEL_LOCAL_MEDIA : CHANNEL_REMOTE_MEDIA, STR("")));
    }
    for (int64_t i = 0; i < n; i++) {
        fn(t, live_topic(l, CHANNEL_TAG, names[i]));
        if (is_local)
            fn(t, live_topic(l, CHANNEL_TAG_LOCAL, names[i]));
    }
}

static void delete_at_home(struct telling *t, const struct topic *topic, int64_t account_id);
static void delete_in_lists(struct telling *t);

static void tell_status(struct telling *t, int64_t id)
{
    struct status *s = NULL;
    struct account *author = NULL;
    if (store_status_find(t->c, id, &s) != OK || s == NULL || feed_account(t->c, s->account_id, &author) != OK)
        return;
    t->s = s;
    t->author = author;
    if (s->standing.kind >= STANDING_HELD && !str_eq(t->event, STR("update"))) {
        t->event = STR("delete");
        t->gone = view_of(t, id_text(t->c->arena, s->id));
        each_at_home(t, delete_at_home);
        each_by_tag(t, s->tags, delete_at_home);
        delete_in_lists(t);
        return;
    }
    each_at_home(t, tell_home);
    tell_lists(t);
    bool is_own = s->in_reply_to_account_id == 0 || s->in_reply_to_account_id == s->account_id;
    if (s->reblog_of_id != 0 || !status_listed(s, author))
        return;
    each_by_tag(t, s->tags, tell_by_tag);
    each_public_topic(t, s->tags, is_own, s->media.n > STR("[]").n, tell_public);
}

/* --- deletions: the row is gone, so whoever may have seen it is told the number, which tells nothing else --- */

static bool names(struct telling *t, struct str mentions, int64_t account_id)
{
    const struct mention *m = NULL;
    int64_t n = mention_list(t->c->arena, mentions, &m);
    for (int64_t i = 0; i < n; i++)
        if (m[i].id == account_id)
            return true;
    return false;
}

static void delete_at_home(struct telling *t, const struct topic *topic, int64_t account_id)
{
    struct ctx c;
    int hides = FEED_SEEN;
    bool is_own = account_id == t->s->account_id;
    if (live_begin_as(t->l, account_id, &c) != OK)
        return;
    if (!is_own
        && (feed_hidden(&c, account_id, t->s->account_id, &hides) != OK || hides != FEED_SEEN
            || (t->s->visibility == VIS_DIRECT && !names(t, t->s->mentions, account_id))))
        return;
    send_to_all(t, t->gone, topic);
}

static void delete_in_lists(struct telling *t)
{
    for (struct topic *topic = t->l->kinds[CHANNEL_LIST]; topic != NULL; topic = topic->kind_next) {
        struct ctx c;
        if (begin_as_reader(t, topic, &c))
            delete_at_home(t, topic, c.me->id);
    }
}

static void delete_in_public(struct telling *t, const struct topic *topic)
{
    send_to_all(t, t->gone, topic);
}

static void tell_removed(struct telling *t, const struct news_item *item)
{
    struct account *author = NULL;
    struct status *gone = ARENA_NEW(t->c->arena, struct status);
    *gone = (struct status){
        .id = item->id, .account_id = item->account_id, .visibility = item->visibility, .mentions = item->mentions
    };
    if (feed_account(t->c, item->account_id, &author) != OK) {
        author = ARENA_NEW(t->c->arena, struct account);
        *author = (struct account){ .id = item->account_id, .followers_count = INT64_MAX };
    }
    t->s = gone;
    t->author = author;
    t->gone = view_of(t, id_text(t->c->arena, item->id));
    each_at_home(t, delete_at_home);
    delete_in_lists(t);
    if (!item->is_public)
        return;
    each_by_tag(t, item->text, delete_at_home);
    each_public_topic(t, item->text, true, true, delete_in_public);
}

/* --- what concerns one member, or everybody --- */

static void tell_notification(struct telling *t, const struct news_item *item)
{
    struct ctx c;
    struct notification n = { 0 };
    struct str json = { 0 };
    struct topic *user = topic_of(t->l, CHANNEL_USER, item->account_id);
    struct topic *only = topic_of(t->l, CHANNEL_NOTIFICATIONS, item->account_id);
    if ((user == NULL && only == NULL) || live_begin_as(t->l, item->account_id, &c) != OK
        || notification_get(&c, item->id, &n) != OK || entity_notification(&c, FILTER_NOTIFICATIONS, &n, &json) != OK)
        return;
    struct view *v = view_of(t, json);
    send_to_all(t, v, only);
    for (const struct sub *s = user == NULL ? NULL : user->subs; s != NULL; s = s->next)
        if ((s->viewer->scopes & SCOPE_READ_NOTIFICATIONS) != 0)
            send_to(t, v, s);
}

static void tell_conversation(struct telling *t, const struct news_item *item)
{
    struct ctx c;
    struct talk talk = { 0 };
    struct str json = { 0 };
    struct topic *topic = topic_of(t->l, CHANNEL_DIRECT, item->account_id);
    if (topic != NULL && live_begin_as(t->l, item->account_id, &c) == OK && conversation_get(&c, item->id, &talk) == OK
        && entity_conversation(&c, &talk, &json) == OK)
        send_to_all(t, view_of(t, json), topic);
}

static void tell_member(struct telling *t, const struct news_item *item, struct str payload)
{
    send_to_all(t, view_of(t, payload), topic_of(t->l, CHANNEL_USER, item->account_id));
}

static void tell_everybody(struct telling *t, struct str payload)
{
    struct view *v = view_of(t, payload);
    for (struct topic *topic = t->l->kinds[CHANNEL_USER]; topic != NULL; topic = topic->kind_next)
        send_to_all(t, v, topic);
}

static void check_member(struct live *l, int64_t account_id)
{
    struct guest *m = live_guest(l, account_id);
    for (struct viewer *v = m == NULL ? NULL : m->viewers; v != NULL; v = v->next)
        live_check(l, v);
}

static void check_session(struct live *l, struct str hash)
{
    for (struct viewer *v = l->viewers; v != NULL; v = v->all_next)
        if (str_eq((struct str){ v->token_hash, LIVE_HASH_CHARS }, hash))
            live_check(l, v);
}

void live_news(struct live *l, const struct news_item *item)
{
    struct ctx c = live_begin(l, l->arena);
    struct telling t = { .l = l, .c = &c };
    switch (item->kind) {
    case NEWS_STATUS_ADDED:
        t.event = STR("update");
        tell_status(&t, item->id);
        break;
    case NEWS_STATUS_CHANGED:
        t.event = STR("status.update");
        tell_status(&t, item->id);
        break;
    case NEWS_STATUS_REMOVED:
        t.event = STR("delete");
        tell_removed(&t, item);
        break;
    case NEWS_NOTIFICATION:
        t.event = STR("notification");
        tell_notification(&t, item);
        break;
    case NEWS_NOTIFICATIONS_MERGED:
        t.event = STR("notifications_merged");
        tell_member(&t, item, STR("1"));
        send_to_all(&t, t.views, topic_of(l, CHANNEL_NOTIFICATIONS, item->account_id));
        break;
    case NEWS_FILTERS_CHANGED:
        t.event = STR("filters_changed");
        tell_member(&t, item, (struct str){ NULL, 0 });
        break;
    case NEWS_ANNOUNCEMENT:
        t.event = STR("announcement");
        tell_everybody(&t, item->text);
        break;
    case NEWS_ANNOUNCEMENT_REACTION:
        t.event = STR("announcement.reaction");
        tell_everybody(&t, item->text);
        break;
    case NEWS_ANNOUNCEMENT_REMOVED:
        t.event = STR("announcement.delete");
        tell_everybody(&t, id_text(c.arena, item->id));
        break;
    case NEWS_ACCOUNT_CHANGED: check_member(l, item->account_id); break;
    case NEWS_SESSION_ENDED: check_session(l, item->text); break;
    case NEWS_CONVERSATION:
        t.event = STR("conversation");
        tell_conversation(&t, item);
        break;
    }
}
