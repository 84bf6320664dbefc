/* SPDX-License-Identifier: Apache-2.0 */
#include "base/locks.h"

#include <assert.h>
#include <stdint.h>

_Static_assert(LOCK_RANKS <= 64, "one bit a rank");

static _Thread_local uint64_t held; /* global: the ranks that this thread holds, a bit each */

void lock_init(struct lock *l, enum lock_rank rank)
{
    int rc = pthread_mutex_init(&l->m, NULL);
    assert(rc == 0);
    l->rank = rank;
}

void lock_fini(struct lock *l)
{
    int rc = pthread_mutex_destroy(&l->m);
    assert(rc == 0);
}

void lock_take(struct lock *l)
{
    assert(held >> l->rank == 0); /* holds neither this rank nor a later one */
    int rc = pthread_mutex_lock(&l->m);
    assert(rc == 0);
    held |= UINT64_C(1) << l->rank;
}

void lock_release(struct lock *l)
{
    assert((held >> l->rank & 1) != 0);
    held &= ~(UINT64_C(1) << l->rank);
    int rc = pthread_mutex_unlock(&l->m);
    assert(rc == 0);
}

void lock_wait(struct lock *l, pthread_cond_t *cond)
{
    assert(held >> l->rank == 1); /* nothing later is held while waiting */
    int rc = pthread_cond_wait(cond, &l->m);
    assert(rc == 0);
}

void lock_unscope(struct lock **l)
{
    lock_release(*l);
}

void rwlock_init(struct rwlock *l, enum lock_rank rank)
{
    pthread_rwlockattr_t attr;
    int rc = pthread_rwlockattr_init(&attr);
    assert(rc == 0);
    rc = pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    assert(rc == 0);
    rc = pthread_rwlock_init(&l->m, &attr);
    assert(rc == 0);
    rc = pthread_rwlockattr_destroy(&attr);
    assert(rc == 0);
    l->rank = rank;
}

void rwlock_fini(struct rwlock *l)
{
    int rc = pthread_rwlock_destroy(&l->m);
    assert(rc == 0);
}

void rwlock_read(struct rwlock *l)
{
    assert(held >> l->rank == 0);
    int rc = pthread_rwlock_rdlock(&l->m);
    assert(rc == 0);
    held |= UINT64_C(1) << l->rank;
}

void rwlock_write(struct rwlock *l)
{
    assert(held >> l->rank == 0);
    int rc = pthread_rwlock_wrlock(&l->m);
    assert(rc == 0);
    held |= UINT64_C(1) << l->rank;
}

void rwlock_release(struct rwlock *l)
{
    assert((held >> l->rank & 1) != 0);
    held &= ~(UINT64_C(1) << l->rank);
    int rc = pthread_rwlock_unlock(&l->m);
    assert(rc == 0);
}

void rwlock_unscope(struct rwlock **l)
{
    rwlock_release(*l);
}
