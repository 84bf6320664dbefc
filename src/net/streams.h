/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/attr.h"
#include "net/http.h"

/* Connections that stay open: server-sent events and WebSockets. A handler answers with a handover (net/http.h) whose
   descriptor comes here; from then on one thread owns it, with an epoll of its own. What a client does not take waits
   in a buffer of its stream, and a client that lets more than out_max wait is dropped: nobody ever waits for it.
   Silent peers are found by pings (WebSocket) and by what the kernel cannot deliver. */
struct streams;
struct stream;

enum stream_kind { STREAM_EVENTS, STREAM_SOCKET };
enum stream_end {
    STREAM_GOING_AWAY = 1001, /* the server stops */
    STREAM_REFUSED = 1008,    /* the token ended, or the client asked for too much */
    STREAM_TRY_LATER = 1013,
};

struct streams_options {
    int64_t max;    /* open at once */
    size_t out_max; /* bytes that wait for one client */
    int ping_s;     /* WebSocket pings; two without any sign of life end it */
    int beat_s;     /* comments that keep server-sent events alive */
    void *arg;
    /* All on the thread of streams_run. */
    void (*opened)(void *arg, struct stream *s);
    void (*text)(void *arg, struct stream *s, struct str text); /* a WebSocket's client says something */
    void (*closed)(void *arg, struct stream *s);                /* the last word on it; for what was opened only */
    void (*woken)(void *arg);                                   /* streams_wake was called since */
    void (*free_who)(void *who);                                /* of what was offered, opened or not */
};

struct streams *streams_new(const struct streams_options *o);
void streams_free(struct streams **s); /* after streams_run has returned */
/* Runs on the thread that owns everything, until streams_stop. */
void streams_run(struct streams *s);
/* These three run on: any. */
void streams_stop(struct streams *s);
void streams_wake(struct streams *s);
bool streams_have_room(struct streams *s);

/* The answer becomes a stream of `who`, which belongs to the streams from here on. r has its status and headers. */
void streams_hand_over(struct streams *s, struct http_res *r, enum stream_kind kind, void *who);

/* On the thread of streams_run, until `closed` was called: */
void *stream_who(struct stream *s);
enum stream_kind stream_kind(const struct stream *s);
void stream_send(struct stream *s, struct str bytes); /* whole frames or events; copied only if they must wait */
void stream_end(struct stream *s, enum stream_end code, struct str why);

struct streams_stats {
    int64_t open, opened, sent, bytes, slow; /* slow: dropped because they did not read */
};
void streams_stats(struct streams *s, struct streams_stats *out); /* any thread */
