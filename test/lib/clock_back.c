/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into a server under test (LD_PRELOAD): its wall clock is PARLEY_TEST_CLOCK_S seconds off. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t which, struct timespec *t);

int clock_gettime(clockid_t which, struct timespec *t)
{
    int code = (int)syscall(SYS_clock_gettime, which, t);
    const char *off = getenv("PARLEY_TEST_CLOCK_S");
    if (code == 0 && off != NULL && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
        t->tv_sec += strtol(off, NULL, 10);
    return code;
}
