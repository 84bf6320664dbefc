/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <pthread.h>

#include "base/attr.h"

/* Every lock of the process, in the order in which a thread may take them: whoever holds one takes only locks further
   down, so no two threads can wait for each other. Two locks of one rank are never held together. A lock that is taken
   against the order is a programmer error and asserts. */
enum lock_rank {
    LOCK_DB_DERIVED,    /* db/sqlite: held for the length of a transaction on derived.db */
    LOCK_DB_BATON,      /* db/sqlite: the queue for the write connection; held for a few instructions */
    LOCK_FEED_SAVING,   /* feed/load: one snapshot at a time */
    LOCK_FEED_SIEVES,   /* feed/sieve: readers' filters; takes nothing */
    LOCK_FEED_PEOPLE,   /* feed/people: sessions and accounts */
    LOCK_FEED_RENDERED, /* feed/rendered: rendered replies */
    LOCK_FEED_GRAPH,    /* feed: authors, tails, readers, the ring */
    LOCK_FEED_SHOWN,    /* feed/shown: whole pages; takes nothing */
    LOCK_FEED_TRENDS,   /* feed/trends: what is counted of things; held for a few hundred instructions, takes nothing */
    LOCK_NEWS,          /* store/news: the queue of what streams are told; held for a few instructions, takes nothing */
    LOCK_NET_STREAMS,   /* net/streams: sockets that are handed over; held for a few instructions, takes nothing */
    LOCK_NET_CERT,      /* net/cert_box: the certificate in use; held while two files are looked at, takes nothing */
    LOCK_NET_TLS,       /* net/tls: held while a connection is handed to the HTTP server */
    LOCK_LIMITER,       /* base/limiter: a shard of the counters; held for a few instructions, takes nothing */
    LOCK_SITE,          /* core/site: the list of snapshots; held for a few instructions, takes nothing */
    LOCK_TRANSLATOR,    /* courier/translator: what was translated; held for a few instructions, takes nothing */
    LOCK_NET_QUEUE,     /* net/workers: the queue of exchanges; held for a few instructions, takes nothing */
    LOCK_NET_CROWD,     /* net/crowd: connections by address; held for a few instructions, takes nothing */
    LOCK_NET_BODIES,    /* net/body_file: who sends one; held for a few instructions, takes nothing */
    LOCK_NET_LOOP,      /* net/conn: a loop's connections; the sweeper holds it for a pass over them, takes nothing */
    LOCK_RANKS,
};

struct lock {
    pthread_mutex_t m;
    enum lock_rank rank;
};

void lock_init(struct lock *l, enum lock_rank rank);
void lock_fini(struct lock *l);
void lock_take(struct lock *l);
void lock_release(struct lock *l);
/* Waits on a condition that the lock guards; may wake for nothing, so the caller loops. */
void lock_wait(struct lock *l, pthread_cond_t *cond);
void lock_unscope(struct lock **l);

/* Many may read or one may write; a writer that waits goes first, so a thread must not read twice at once (asserted).
 */
struct rwlock {
    pthread_rwlock_t m;
    enum lock_rank rank;
};

void rwlock_init(struct rwlock *l, enum lock_rank rank);
void rwlock_fini(struct rwlock *l);
void rwlock_read(struct rwlock *l);
void rwlock_write(struct rwlock *l);
void rwlock_release(struct rwlock *l);
void rwlock_unscope(struct rwlock **l);

/* Holds the lock to the end of the scope: `LOCKED(&hub->lock);` */
#define LOCKED_NAME_(line) locked_##line
#define LOCKED_LINE_(l, line)                                    \
    CLEANUP(lock_unscope) struct lock *LOCKED_NAME_(line) = (l); \
    lock_take(LOCKED_NAME_(line))
#define LOCKED_EXPAND_(l, line) LOCKED_LINE_(l, line)
#define LOCKED(l)               LOCKED_EXPAND_(l, __LINE__)

/* The same for a struct rwlock: `READING(&f->lock);` or `WRITING(&f->lock);` */
#define RWLOCKED_LINE_(l, line, how)                                 \
    CLEANUP(rwlock_unscope) struct rwlock *LOCKED_NAME_(line) = (l); \
    how(LOCKED_NAME_(line))
#define RWLOCKED_EXPAND_(l, line, how) RWLOCKED_LINE_(l, line, how)
#define READING(l)                     RWLOCKED_EXPAND_(l, __LINE__, rwlock_read)
#define WRITING(l)                     RWLOCKED_EXPAND_(l, __LINE__, rwlock_write)
