/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <pthread.h>

#include "base/attr.h"

/* Every lock of the process, in the order in which a thread may take them: whoever holds one takes only locks further
   down, so no two threads can wait for each other. Two locks of one rank are never held together. A lock that is taken
   against the order is a programmer error and asserts. */
enum lock_rank {
    LOCK_DB_DERIVED, /* db/sqlite: held for the length of a transaction on derived.db */
    LOCK_DB_BATON,   /* db/sqlite: the queue for the write connection; held for a few instructions */
    LOCK_LIMITER,    /* base/limiter: a shard of the counters; held for a few instructions, takes nothing */
    LOCK_SITE,       /* core/site: the list of snapshots; held for a few instructions, takes nothing */
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

/* Holds the lock to the end of the scope: `LOCKED(&hub->lock);` */
#define LOCKED_NAME_(line) locked_##line
#define LOCKED_LINE_(l, line)                                    \
    CLEANUP(lock_unscope) struct lock *LOCKED_NAME_(line) = (l); \
    lock_take(LOCKED_NAME_(line))
#define LOCKED_EXPAND_(l, line) LOCKED_LINE_(l, line)
#define LOCKED(l)               LOCKED_EXPAND_(l, __LINE__)
