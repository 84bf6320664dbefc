/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdatomic.h>

#include "base/ctx.h"
#include "courier/mail.h"
#include "db/db.h"
#include "main/config.h"
#include "net/server.h"

/* The running server: everything that outlives a request, opened and closed in order. */
struct server {
    struct config config;
    struct mail_options mail; /* its texts live on the arena of server_open's context */
    struct site site_config;  /* what site_box_new copied */
    struct db_pool *pool;
    struct feed *feed;
    struct site_box *sites;
    struct limiter *limiter;
    struct translator *translator;
    struct idgen *idgen;
    struct net_server *net;
    struct cert_box *certs; /* with a TLS listener */
    struct tls *tls;
    int64_t warned_ms;  /* of the end of the certificate; the keeper's */
    struct unit *units; /* one a worker and writer; opened by its thread when it is first used */
    int64_t units_n;
    struct unit *loops; /* one a loop thread: no arena and no store, what is in memory or nothing */
    struct keeper *keeper;
    struct jobs *jobs;
    struct news *news; /* from whatever commits to live */
    struct live *live;
    int64_t started_us;
    int64_t started_ms;
    _Atomic int64_t slow_us; /* the two keys of the log that a reload may change; 0: none */
    _Atomic bool access_log;
    _Atomic int64_t trouble_second; /* watch.c: what the log said of requests in this second */
    _Atomic int64_t trouble_lines;
    _Atomic int64_t trouble_unsaid;
};

/* What a thread keeps from one unit of work to the next. */
struct unit {
    struct server *server;
    struct arena *arena;
    struct db *db;
    uint64_t rng[4]; /* of this thread's units of work; seeded when the first begins */
    int64_t count;   /* units of work since the start */
};

/* A context for one unit of work on `u`'s arena, which is emptied first. `id` names it in the log. */
struct ctx unit_begin(struct unit *u, struct arena *arena, struct str id);
enum err unit_open(struct ctx *c, struct server *s, struct unit *u) NODISCARD;
void unit_close(struct unit *u);

/* Opens the store (migrating it), loads the hot set, starts listening. Half-built servers are closed by server_close.
 */
enum err server_open_db(struct ctx *c, const struct config *config,
                        struct db_pool **pool) NODISCARD; /* the store alone, as it is, in c->db; close both */
enum err server_prepare(struct ctx *c, const struct config *config,
                        struct server *s) NODISCARD; /* the first two only: c may work on the store as the only one */
/* The same with db_options.unsynced, for what can be made again. */
enum err server_prepare_unsynced(struct ctx *c, const struct config *config, struct server *s) NODISCARD;
enum err server_open(struct ctx *c, const struct config *config, struct server *s) NODISCARD;
void server_close(struct server *s);
