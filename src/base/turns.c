/* SPDX-License-Identifier: Apache-2.0 */
#include "base/turns.h"

#include <assert.h>

static void enter(struct turns *t)
{
    int rc = pthread_mutex_lock(&t->m);
    assert(rc == 0);
}

static void leave(struct turns *t)
{
    int rc = pthread_mutex_unlock(&t->m);
    assert(rc == 0);
}

bool turns_take(struct turns *t)
{
    enter(t);
    bool welcome = t->present < t->present_max;
    if (welcome) {
        t->present++;
        while (t->running >= t->running_max)
            (void)pthread_cond_wait(&t->free, &t->m);
        t->running++;
    }
    leave(t);
    return welcome;
}

void turns_give(struct turns *t)
{
    enter(t);
    t->running--;
    t->present--;
    (void)pthread_cond_signal(&t->free);
    leave(t);
}
