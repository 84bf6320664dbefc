/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <pthread.h>
#include <stdbool.h>

/* For work that takes much memory or time: so many at once, so many waiting, the rest is sent away. A static one needs
   no set-up: `static struct turns hashing = TURNS(2, 6); / * global: why * /`. Runs on: worker; never on a loop thread.
   Its mutex is held for a few instructions and takes nothing, so it has no rank in base/locks.h. */
struct turns {
    pthread_mutex_t m;
    pthread_cond_t free;
    int running;
    int present; /* running and waiting */
    int running_max;
    int present_max;
};
#define TURNS(at_once, waiting)                                                                     \
    {                                                                                               \
        .m = PTHREAD_MUTEX_INITIALIZER, .free = PTHREAD_COND_INITIALIZER, .running_max = (at_once), \
        .present_max = (at_once) + (waiting)                                                        \
    }

/* Waits for a turn; false at once when too many wait already. */
bool turns_take(struct turns *t);
void turns_give(struct turns *t);
