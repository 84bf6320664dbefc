/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/channel.h"
#include "base/ctx.h"
#include "net/streams.h"

/* Everybody who has a stream open, and what they are told. One thread owns it all: it takes what happened from the news
   (store/news.h), finds who of those who are connected shall see it by the judges of the timelines, renders it as each
   sees it and writes it to their sockets (net/streams.h). What one event costs depends on who is connected and on how
   many follow, whichever are fewer, never on how many members there are. */
struct live;
struct db_pool;

struct live_options {
    struct db_pool *pool;
    struct site_box *sites;
    struct feed *feed;
    struct idgen *idgen;
    struct news *news;
    int64_t streams_max;     /* open at once */
    int64_t per_account_max; /* of one member: the oldest ends for a new one */
    int64_t buffer_kib;      /* what waits for a client that reads slowly; more: it is dropped */
};

enum err live_start(struct ctx *c, const struct live_options *o, struct live **out) NODISCARD;
void live_stop(struct live **l); /* says goodbye to everybody; the HTTP server has stopped before */
void live_stats(struct live *l, struct streams_stats *out); /* l NULL: zeros */

/* For handlers, on any thread. ERR_UNAVAILABLE: too many are open. */
enum err live_room(struct ctx *c) NODISCARD;
/* The answer of r, its status and headers, becomes a stream of c->me by c->session, which begins with `first` (name
   p == NULL: with nothing). */
void live_open(struct ctx *c, enum stream_kind kind, const struct channel_ask *first, struct http_res *r);
