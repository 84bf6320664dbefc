/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/uio.h>

#include "base/clock.h"
#include "base/metrics.h"
#include "db/sqlite.h"

/* Reading ahead, for db_expect. SQLite reads a page when it gets to it and waits for the disk, so twenty rows that lie
   three pages deep are sixty reads, one after the other. A statement that is only tried takes what is in the system's
   page cache; at the first page that is not there it asks the system for that page and ends. Twenty statements tried
   in turn have twenty pages on their way at once; the next time round each waits for its page, which is nearly there,
   and gets as far as the next one that is missing. So the sixty reads take the time of three. */

/* How long one read from the disk lets us expect further ones. */
#define DISK_LIKELY_US 1000000

static bool was_asked(const struct ahead *a, sqlite3_int64 at)
{
    for (size_t i = 0; i < a->asked_n; i++)
        if (a->asked[i] == at)
            return true;
    return false;
}

/* xRead of a reader's main file. */
static int read_or_ask(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    struct ahead *a = (struct ahead *)(uintptr_t)f->pMethods; /* ahead_watch put it there */
    if (!a->is_trying || a->asked_n == AHEAD_PAGES_MAX || was_asked(a, at))
        return a->read(f, to, n, at);
    struct iovec part = { to, (size_t)n };
    ssize_t got = preadv2(a->fd, &part, 1, at, RWF_NOWAIT);
    if (got == n)
        return SQLITE_OK;
    if (got >= 0 || errno != EAGAIN) /* at the end of the file, or a file system that cannot say */
        return a->read(f, to, n, at);
    a->asked[a->asked_n++] = at;
    (void)posix_fadvise(a->fd, at, n, POSIX_FADV_WILLNEED);
    metrics_add(METRIC_READ_AHEAD, 0, 1);
    return SQLITE_INTERRUPT; /* of all errors the one that does no more than end a statement that reads */
}

void ahead_watch(struct ahead *a, sqlite3 *h, int fd)
{
    sqlite3_file *f = NULL;
    if (sqlite3_file_control(h, "main", SQLITE_FCNTL_FILE_POINTER, &f) != SQLITE_OK || f->pMethods == NULL)
        return;
    a->methods = *f->pMethods;
    if (a->methods.iVersion > 3) /* what this struct has; a later library's table is longer */
        a->methods.iVersion = 3;
    a->read = a->methods.xRead;
    a->methods.xRead = read_or_ask;
    a->fd = fd;
    f->pMethods = &a->methods;
}

bool ahead_begin(struct ahead *a)
{
    struct rusage used = { 0 };
    int64_t now = clock_monotonic_us();
    if (a->read == NULL)
        return false;
    (void)getrusage(RUSAGE_THREAD, &used);
    if (used.ru_inblock != a->disk_reads) {
        a->disk_reads = used.ru_inblock;
        a->disk_until_us = now + DISK_LIKELY_US;
    }
    a->asked_n = 0;
    return now < a->disk_until_us;
}
