/* SPDX-License-Identifier: Apache-2.0 */
#include "net/workers.h"

#include <signal.h>
#include <stdlib.h>

struct worker {
    pthread_t thread;
    struct workers *pool;
    int index;
};

struct workers {
    const char *name; /* of its threads */
    struct lock lock;
    pthread_cond_t some;
    struct exchange *first;
    struct exchange *last;
    bool is_closed;
    _Atomic int queued; /* reserved places: an exchange is counted before it is suspended and linked */
    int queue_max;
    int first_number;
    int n;       /* at most */
    int started; /* threads there are; they stay */
    int idle;    /* of them, waiting */
    struct worker v[];
};

/* Waits for an exchange; NULL when the pool is closed and the queue used up. *refuse: the pool is closed. */
static struct exchange *take(struct workers *w, bool *refuse)
{
    LOCKED(&w->lock);
    w->idle++;
    while (w->first == NULL && !w->is_closed)
        lock_wait(&w->lock, &w->some);
    w->idle--;
    struct exchange *x = w->first;
    if (x != NULL) {
        w->first = x->next;
        if (w->first == NULL)
            w->last = NULL;
        x->next = NULL;
        atomic_fetch_sub(&w->queued, 1);
    }
    *refuse = w->is_closed;
    return x;
}

static void give_back(struct exchange *x)
{
    struct MHD_Connection *m = x->mhd;
    atomic_store_explicit(&x->state, EXCHANGE_ANSWERED, memory_order_release); /* from here on the loop owns it */
    MHD_resume_connection(m);
}

static void *work(void *arg)
{
    struct worker *me = arg;
    struct exchange *x = NULL;
    bool refuse = false;
    (void)pthread_setname_np(pthread_self(), me->pool->name);
    while ((x = take(me->pool, &refuse)) != NULL) {
        if (refuse)
            x->refusal = 503;
        else
            exchange_run(x, me->index);
        give_back(x);
    }
    return NULL;
}

struct workers *workers_new(const char *name, int first, int threads_max, int queue_max)
{
    struct workers *w = calloc(1, sizeof *w + (size_t)threads_max * sizeof *w->v);
    if (w == NULL)
        abort();
    lock_init(&w->lock, LOCK_NET_QUEUE);
    (void)pthread_cond_init(&w->some, NULL);
    w->name = name;
    w->queue_max = queue_max;
    w->first_number = first;
    w->n = threads_max;
    return w;
}

/* With the lock held. Those who wait may be fewer than what waits for them: each takes one. */
static void start_one_if_needed(struct workers *w, int waiting)
{
    sigset_t all;
    sigset_t before;
    if (w->idle >= waiting || w->started == w->n)
        return;
    struct worker *v = &w->v[w->started];
    *v = (struct worker){ .pool = w, .index = w->first_number + w->started };
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are main's */
    if (pthread_create(&v->thread, NULL, work, v) == 0)
        w->started++;
    else if (w->started == 0)
        abort();
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool workers_submit(struct workers *w, struct exchange *x)
{
    if (atomic_fetch_add(&w->queued, 1) >= w->queue_max) {
        atomic_fetch_sub(&w->queued, 1);
        return false;
    }
    atomic_store_explicit(&x->state, EXCHANGE_WORKING, memory_order_relaxed);
    MHD_suspend_connection(x->mhd); /* before a worker can see it, for the worker resumes it */
    lock_take(&w->lock);
    bool is_closed = w->is_closed;
    if (!is_closed) {
        if (w->last != NULL)
            w->last->next = x;
        else
            w->first = x;
        w->last = x;
        start_one_if_needed(w, atomic_load(&w->queued));
        (void)pthread_cond_signal(&w->some);
    }
    lock_release(&w->lock);
    if (is_closed) {
        atomic_fetch_sub(&w->queued, 1);
        x->refusal = 503;
        give_back(x);
    }
    return true;
}

void workers_stop(struct workers *w)
{
    lock_take(&w->lock);
    w->is_closed = true;
    (void)pthread_cond_broadcast(&w->some);
    lock_release(&w->lock);
    for (int i = 0; i < w->started; i++)
        (void)pthread_join(w->v[i].thread, NULL);
}

void workers_free(struct workers **pw)
{
    if (*pw == NULL)
        return;
    lock_fini(&(*pw)->lock);
    (void)pthread_cond_destroy(&(*pw)->some);
    free(*pw);
    *pw = NULL;
}

int64_t workers_queued(const struct workers *w)
{
    return atomic_load(&w->queued);
}
