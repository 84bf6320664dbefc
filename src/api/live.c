/* SPDX-License-Identifier: Apache-2.0 */
#include "api/live.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>

#include "api/live_inside.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/jw.h"
#include "base/log.h"
#include "core/filter.h"
#include "core/site.h"
#include "db/db.h"
#include "feed/feed.h"
#include "model/account.h"
#include "net/ws.h"

#define PING_S        30
#define BEAT_S        15
#define NEWS_RUN      64 /* items before sockets get their turn */
#define RETRY_AFTER_S 30

struct ctx live_begin(struct live *l, struct arena *arena)
{
    arena_reset(arena);
    struct ctx c = {
        .arena = arena,
        .db = l->db,
        .feed = l->o.feed,
        .site = site_box_get(l->o.sites),
        .sites = l->o.sites,
        .idgen = l->o.idgen,
        .now_ms = clock_now_ms(),
        .id = STR("live"),
    };
    return c; /* nothing is written here, so there are no dice */
}

enum err live_begin_as(struct live *l, int64_t account_id, struct ctx *out)
{
    struct account *me = NULL;
    *out = live_begin(l, l->scratch);
    TRY(feed_account(out, account_id, &me));
    out->me = me;
    return OK;
}

/* --- guests and topics --- */

static size_t slot_of_id(int64_t id)
{
    return (size_t)(((uint64_t)id * UINT64_C(0x9FB21C651E98DF25)) >> 50) % LIVE_HASH_SLOTS;
}

static size_t slot_of_key(enum channel_kind kind, struct str key)
{
    return slot_of_id((int64_t)(str_hash(key) + (uint64_t)kind));
}

struct guest *live_guest(struct live *l, int64_t account_id)
{
    struct guest *m = l->guests[slot_of_id(account_id)];
    while (m != NULL && m->id != account_id)
        m = m->next;
    return m;
}

static struct guest *guest_made(struct live *l, int64_t account_id)
{
    struct guest *m = live_guest(l, account_id);
    if (m != NULL)
        return m;
    m = calloc(1, sizeof *m);
    if (m == NULL)
        abort();
    struct guest **slot = &l->guests[slot_of_id(account_id)];
    m->id = account_id;
    m->next = *slot;
    *slot = m;
    return m;
}

static void guest_drop(struct live *l, struct guest *m)
{
    struct guest **at = &l->guests[slot_of_id(m->id)];
    while (*at != m)
        at = &(*at)->next;
    *at = m->next;
    free(m);
}

struct topic *live_topic(struct live *l, enum channel_kind kind, struct str key)
{
    struct topic *t = l->topics[slot_of_key(kind, key)];
    while (t != NULL && (t->kind != kind || !str_eq(t->key, key)))
        t = t->next;
    return t;
}

static struct str keep_text(struct str s)
{
    char *p = malloc(s.n + 1);
    if (p == NULL)
        abort();
    if (s.n > 0)
        memcpy(p, s.p, s.n);
    return (struct str){ p, s.n };
}

static void free_text(struct str *s)
{
    free((void *)(uintptr_t)s->p);
    *s = (struct str){ NULL, 0 };
}

static struct topic *topic_made(struct live *l, enum channel_kind kind, struct str key)
{
    struct topic *t = live_topic(l, kind, key);
    if (t != NULL)
        return t;
    t = calloc(1, sizeof *t);
    if (t == NULL)
        abort();
    struct topic **slot = &l->topics[slot_of_key(kind, key)];
    *t = (struct topic){ .next = *slot, .kind = kind, .key = keep_text(key), .kind_next = l->kinds[kind] };
    *slot = t;
    if (t->kind_next != NULL)
        t->kind_next->kind_prev = t;
    l->kinds[kind] = t;
    l->kinds_n[kind]++;
    return t;
}

static void topic_drop(struct live *l, struct topic *t)
{
    struct topic **at = &l->topics[slot_of_key(t->kind, t->key)];
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    if (t->kind_prev != NULL)
        t->kind_prev->kind_next = t->kind_next;
    else
        l->kinds[t->kind] = t->kind_next;
    if (t->kind_next != NULL)
        t->kind_next->kind_prev = t->kind_prev;
    l->kinds_n[t->kind]--;
    free_text(&t->key);
    free(t);
}

/* The viewer's subscription to a channel, by what it is about. */
static struct sub **sub_place(struct viewer *v, const struct channel *ch)
{
    struct sub **at = &v->subs;
    while (*at != NULL && ((*at)->topic->kind != ch->kind || !str_eq((*at)->topic->key, ch->key)))
        at = &(*at)->viewer_next;
    return at;
}

static enum err subscribe(struct ctx *c, struct live *l, struct viewer *v, const struct channel *ch)
{
    struct sub **at = sub_place(v, ch);
    if (*at != NULL)
        return OK; /* twice is once */
    if (v->subs_n == LIVE_SUBS_MAX)
        return fail(c, ERR_TOO_MANY, "%d streams on one connection are the most", LIVE_SUBS_MAX);
    struct sub *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    struct topic *t = topic_made(l, ch->kind, ch->key);
    *s = (struct sub){ .viewer = v, .topic = t, .next = t->subs, .label = keep_text(ch->label) };
    if (s->next != NULL)
        s->next->prev = s;
    t->subs = s;
    *at = s;
    v->subs_n++;
    return OK;
}

static void unsubscribe(struct live *l, struct sub **at)
{
    struct sub *s = *at;
    if (s == NULL)
        return;
    *at = s->viewer_next;
    s->viewer->subs_n--;
    if (s->prev != NULL)
        s->prev->next = s->next;
    else
        s->topic->subs = s->next;
    if (s->next != NULL)
        s->next->prev = s->prev;
    if (s->topic->subs == NULL)
        topic_drop(l, s->topic);
    free_text(&s->label);
    free(s);
}

/* --- connections --- */

/* Who may read now, by the token as it is now. */
static enum err identify(struct ctx *c, struct viewer *v)
{
    struct session *session = NULL;
    struct account *me = NULL;
    TRY(feed_session(c, (struct str){ v->token_hash, LIVE_HASH_CHARS }, &session, &me));
    if (me == NULL || me->id != v->account_id || !me->active || me->standing.kind == STANDING_SUSPENDED)
        return fail(c, ERR_UNAUTHENTICATED, "The access token is invalid");
    c->session = session;
    c->me = me;
    v->scopes = session->scopes;
    return OK;
}

void live_check(struct live *l, struct viewer *v)
{
    struct ctx c = live_begin(l, l->scratch);
    enum err e = identify(&c, v);
    if (e == ERR_UNAUTHENTICATED || e == ERR_NOT_FOUND)
        stream_end(v->stream, STREAM_REFUSED, STR("The access token is invalid"));
}

static void say_error(struct ctx *c, struct viewer *v, enum err e)
{
    struct jw w = jw_on(c->arena);
    struct buf frame = buf_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("error"), c->says.n > 0 ? c->says : STR("The server could not do this."));
    jw_ki64(&w, STR("status"), http_status_of(e));
    jw_obj_end(&w);
    ws_put_text(&frame, jw_end(&w));
    stream_send(v->stream, buf_str(&frame));
}

/* What home needs of a reader is read when they come, not when the first parley does. */
static enum err warm(struct ctx *c)
{
    bool follows = false;
    int hides = 0;
    SIEVE sieve = NULL;
    TRY(filter_sieve(c, &sieve));
    TRY(feed_follows(c, c->me->id, c->me->id, &follows));
    return feed_hidden(c, c->me->id, c->me->id, &hides);
}

static struct str text_of(const json_t *message, const char *key)
{
    const json_t *v = json_object_get(message, key);
    return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) } : (struct str){ NULL, 0 };
}

static enum err obey(struct ctx *c, struct live *l, struct viewer *v, const json_t *message)
{
    struct channel ch = { 0 };
    struct channel_ask ask = { text_of(message, "stream"), text_of(message, "tag"), text_of(message, "list") };
    struct str type = text_of(message, "type");
    bool on = str_eq(type, STR("subscribe"));
    if (!on && !str_eq(type, STR("unsubscribe")))
        return fail(c, ERR_MALFORMED, "Unknown message type: subscribe and unsubscribe are known");
    TRY(identify(c, v));
    TRY(channel_find(c, &ask, &ch));
    if (!on) {
        unsubscribe(l, sub_place(v, &ch));
        return OK;
    }
    if (ch.kind == CHANNEL_USER)
        TRY(warm(c));
    return subscribe(c, l, v, &ch);
}

static void hear(struct live *l, struct viewer *v, struct str text)
{
    struct ctx c = live_begin(l, l->arena);
    json_error_t why;
    json_t *message = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);
    enum err e =
        json_is_object(message) ? obey(&c, l, v, message) : fail(&c, ERR_MALFORMED, "The message is no JSON object");
    json_decref(message);
    bool may_ask_again = e != ERR_UNAUTHENTICATED && stream_kind(v->stream) == STREAM_SOCKET;
    if (e != OK && may_ask_again)
        say_error(&c, v, e);
    else if (e != OK)
        stream_end(v->stream, STREAM_REFUSED, c.says);
}

static void on_text(void *arg, struct stream *s, struct str text)
{
    hear(arg, stream_who(s), text);
}

/* The oldest of a member's connections gives way, as with sessions: clients forget some. */
static void make_room(const struct live *l, struct guest *m)
{
    int64_t n = 0;
    for (struct viewer *v = m->viewers; v != NULL; v = v->next)
        if (++n > l->o.per_account_max)
            stream_end(v->stream, STREAM_TRY_LATER, STR("Too many streams of one member: the oldest ends"));
}

static void on_open(void *arg, struct stream *s)
{
    struct live *l = arg;
    struct viewer *v = stream_who(s);
    struct guest *m = guest_made(l, v->account_id);
    v->stream = s;
    v->guest = m;
    v->next = m->viewers;
    if (v->next != NULL)
        v->next->prev = v;
    m->viewers = v;
    m->viewers_n++;
    v->all_next = l->viewers;
    if (v->all_next != NULL)
        v->all_next->all_prev = v;
    l->viewers = v;
    make_room(l, m);
    if (v->first.n > 0)
        hear(l, v, v->first);
    free_text(&v->first);
}

static void on_close(void *arg, struct stream *s)
{
    struct live *l = arg;
    struct viewer *v = stream_who(s);
    struct guest *m = v->guest;
    while (v->subs != NULL)
        unsubscribe(l, &v->subs);
    if (v->prev != NULL)
        v->prev->next = v->next;
    else
        m->viewers = v->next;
    if (v->next != NULL)
        v->next->prev = v->prev;
    if (v->all_prev != NULL)
        v->all_prev->all_next = v->all_next;
    else
        l->viewers = v->all_next;
    if (v->all_next != NULL)
        v->all_next->all_prev = v->all_prev;
    if (--m->viewers_n == 0)
        guest_drop(l, m);
}

static void free_viewer(void *who)
{
    struct viewer *v = who;
    news_hearers(v->news, -1);
    free_text(&v->first);
    free(v);
}

static void on_wake(void *arg)
{
    struct live *l = arg;
    struct news_item items[NEWS_RUN];
    size_t n = news_take(l->o.news, items, NEWS_RUN);
    for (size_t i = 0; i < n; i++) {
        if (l->viewers != NULL)
            live_news(l, &items[i]);
        news_item_fini(&items[i]);
    }
    if (n == NEWS_RUN)
        streams_wake(l->streams);
}

static void wake(void *arg)
{
    streams_wake(((struct live *)arg)->streams);
}

/* --- the thread --- */

static void *run(void *arg)
{
    struct live *l = arg;
    (void)pthread_setname_np(pthread_self(), "streams");
    streams_run(l->streams);
    return NULL;
}

static enum err start_thread(struct ctx *c, struct live *l)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are main's */
    l->is_started = pthread_create(&l->thread, NULL, run, l) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return l->is_started ? OK : fail_internal(c, "the thread of the streams cannot be started");
}

enum err live_start(struct ctx *c, const struct live_options *o, struct live **out)
{
    struct live *l = calloc(1, sizeof *l);
    if (l == NULL)
        abort();
    *out = l;
    l->o = *o;
    l->arena = arena_new();
    l->scratch = arena_new();
    struct streams_options s = {
        .max = o->streams_max,
        .out_max = (size_t)o->buffer_kib * 1024,
        .ping_s = PING_S,
        .beat_s = BEAT_S,
        .arg = l,
        .opened = on_open,
        .text = on_text,
        .closed = on_close,
        .woken = on_wake,
        .free_who = free_viewer,
    };
    l->streams = streams_new(&s);
    TRY(db_open(c, o->pool, &l->db));
    news_listen(o->news, wake, l);
    return start_thread(c, l);
}

void live_stop(struct live **pl)
{
    struct live *l = *pl;
    if (l == NULL)
        return;
    *pl = NULL;
    news_listen(l->o.news, NULL, NULL);
    streams_stop(l->streams);
    if (l->is_started)
        (void)pthread_join(l->thread, NULL);
    streams_free(&l->streams);
    db_close(&l->db);
    arena_free(&l->arena);
    arena_free(&l->scratch);
    free(l);
}

void live_stats(struct live *l, struct streams_stats *out)
{
    *out = (struct streams_stats){ 0 };
    if (l != NULL)
        streams_stats(l->streams, out);
}

static struct str first_message(struct ctx *c, const struct channel_ask *ask)
{
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    jw_kstr(&w, STR("type"), STR("subscribe"));
    jw_kstr(&w, STR("stream"), ask->name);
    if (ask->tag.p != NULL)
        jw_kstr(&w, STR("tag"), ask->tag);
    if (ask->list.p != NULL)
        jw_kstr(&w, STR("list"), ask->list);
    jw_obj_end(&w);
    return jw_end(&w);
}

enum err live_room(struct ctx *c)
{
    if (c->live != NULL && streams_have_room(c->live->streams))
        return OK;
    c->retry_after_s = RETRY_AFTER_S;
    return fail(c, ERR_UNAVAILABLE, "Too many streams are open. Try again later, or read the timelines.");
}

void live_open(struct ctx *c, enum stream_kind kind, const struct channel_ask *first, struct http_res *r)
{
    struct viewer *v = calloc(1, sizeof *v);
    if (v == NULL)
        abort();
    v->news = c->live->o.news;
    news_hearers(v->news, 1); /* from before its client can know that it is open */
    v->account_id = c->me->id;
    memcpy(v->token_hash, c->session->hash.p, LIVE_HASH_CHARS);
    if (first->name.p != NULL)
        v->first = keep_text(first_message(c, first));
    streams_hand_over(c->live->streams, r, kind, v);
}
