/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into a server under test (LD_PRELOAD): its wall clock is PARLEY_TEST_CLOCK_S seconds off, or as many as the
   file of that name says at the moment. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t which, struct timespec *t);

static long seconds_off(const char *said)
{
    char text[24] = "";
    if (said[0] != '/')
        return strtol(said, NULL, 10);
    int fd = open(said, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        (void)close(fd);
    return n > 0 ? strtol(text, NULL, 10) : 0;
}

int clock_gettime(clockid_t which, struct timespec *t)
{
    int code = (int)syscall(SYS_clock_gettime, which, t);
    const char *off = getenv("PARLEY_TEST_CLOCK_S");
    if (code == 0 && off != NULL && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
        t->tv_sec += seconds_off(off);
    return code;
}
