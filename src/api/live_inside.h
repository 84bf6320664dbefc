/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <pthread.h>

#include "api/channel.h"
#include "api/live.h"
#include "store/news.h"

/* What the files of live share. All but the handover is the live thread's. */
#define LIVE_HASH_SLOTS 16384
#define LIVE_HASH_CHARS 64  /* of a token's hash */
#define LIVE_SUBS_MAX   100 /* streams on one socket */

/* A connection. The fields above the line are set by the handler; the rest by the live thread. */
struct viewer {
    int64_t account_id;
    char token_hash[LIVE_HASH_CHARS];
    struct str first;  /* the first thing it asks for, as a message; malloc'ed */
    struct news *news; /* that knows of it */
    /* --- */
    struct stream *stream;
    uint64_t scopes;
    struct guest *guest;
    struct viewer *prev; /* of the same member, newest first */
    struct viewer *next;
    struct viewer *all_prev;
    struct viewer *all_next;
    struct sub *subs;
    int subs_n;
};

/* A member with connections. */
struct guest {
    struct guest *next; /* in its slot */
    int64_t id;
    struct viewer *viewers;
    int64_t viewers_n;
};

/* What somebody subscribed to; those of one topic hang together. */
struct topic {
    struct topic *next; /* in its slot */
    struct topic *kind_prev;
    struct topic *kind_next;
    enum channel_kind kind;
    struct str key;
    struct sub *subs;
};

struct sub {
    struct sub *prev; /* of the topic */
    struct sub *next;
    struct sub *viewer_next;
    struct viewer *viewer;
    struct topic *topic;
    struct str label; /* malloc'ed */
};

struct live {
    struct live_options o;
    struct streams *streams;
    pthread_t thread;
    bool is_started;
    struct db *db;
    struct arena *arena;   /* of one event or message */
    struct arena *scratch; /* of one reader of it */
    struct guest *guests[LIVE_HASH_SLOTS];
    struct topic *topics[LIVE_HASH_SLOTS];
    struct topic *kinds[CHANNEL_KINDS];
    int64_t kinds_n[CHANNEL_KINDS];
    struct viewer *viewers;
};

/* A unit of work on `arena`, which is emptied first. */
struct ctx live_begin(struct live *l, struct arena *arena);
/* The same on the scratch arena, as seen by a member. */
enum err live_begin_as(struct live *l, int64_t account_id, struct ctx *out) NODISCARD;

struct guest *live_guest(struct live *l, int64_t account_id);                     /* NULL: not connected */
struct topic *live_topic(struct live *l, enum channel_kind kind, struct str key); /* NULL: nobody listens */
/* The token still is one that may read: else the connection is ended. */
void live_check(struct live *l, struct viewer *v);
/* Passes on what happened. (api/live_news.c) */
void live_news(struct live *l, const struct news_item *item);
