/* SPDX-License-Identifier: Apache-2.0 */
#include "net/body_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/metrics.h"

static int broken(const struct body_files *all)
{
    log_error(STR("net"), "a body cannot be kept in %s: %s", all->folder, strerror(errno));
    return 500;
}

static int refused(enum body_file_refusal why, int status)
{
    metrics_add(METRIC_BODY_FILES_REFUSED, (int)why, 1);
    return status;
}

static bool is_near(const struct body_file_from *a, const struct body_file_from *b)
{
    return a->is_counted && b->is_counted && memcmp(&a->addr, &b->addr, sizeof a->addr) == 0;
}

static int take_place(struct body_files *all, const struct body_file_from *from)
{
    LOCKED(&all->lock);
    int free_at = -1;
    int near = 0;
    for (int i = 0; i < BODY_FILES_MAX; i++) {
        const struct body_file_from *other = &all->of[i];
        if (other->who == from->who)
            return refused(BODY_FILE_OF_MEMBER, 429);
        if (other->who == 0)
            free_at = i;
        else if (is_near(other, from))
            near++;
    }
    if (near >= BODY_FILES_OF_ADDRESS)
        return refused(BODY_FILE_OF_ADDRESS, 429);
    if (free_at < 0)
        return refused(BODY_FILE_CROWDED, 503);
    all->of[free_at] = *from;
    all->used++;
    return 0;
}

static void give_place(struct body_files *all, int64_t who)
{
    LOCKED(&all->lock);
    for (int i = 0; i < BODY_FILES_MAX; i++)
        if (all->of[i].who == who)
            all->of[i] = (struct body_file_from){ 0 };
    all->used--;
}

/* What all who send now may write before they look again must not reach the floor: below it the server takes no writes
   of anybody. */
static uint64_t reserve(struct body_files *all)
{
    LOCKED(&all->lock);
    return all->floor + (uint64_t)all->used * BODY_FILE_LOOK;
}

static int look(struct body_files *all, const struct body_file *f, uint64_t more)
{
    struct statvfs disk;
    if (fstatvfs(f->fd, &disk) != 0)
        return broken(all);
    bool has_room = (uint64_t)disk.f_bavail * disk.f_frsize >= reserve(all) + more;
    return has_room ? 0 : refused(BODY_FILE_NO_ROOM, 507);
}

static int begin(struct body_files *all, uint64_t announced, struct body_file *f)
{
    f->fd = open(all->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (f->fd < 0) {
        f->fd = 0;
        return errno == ENOSPC || errno == EDQUOT ? refused(BODY_FILE_NO_ROOM, 507) : broken(all);
    }
    return look(all, f, announced * BODY_FILE_COPIES);
}

int body_file_open(struct body_files *all, const struct body_file_from *from, uint64_t announced, struct body_file *f)
{
    int status = take_place(all, from);
    if (status != 0)
        return status;
    f->who = from->who;
    metrics_add(METRIC_BODY_FILES, 0, 1);
    status = begin(all, announced, f);
    if (status != 0)
        body_file_close(all, f);
    return status;
}

static int put(struct body_files *all, struct body_file *f, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t k = write(f->fd, p, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return errno == ENOSPC || errno == EDQUOT ? refused(BODY_FILE_NO_ROOM, 507) : broken(all);
        p += k;
        n -= (size_t)k;
        f->n += (uint64_t)k;
        metrics_add(METRIC_BODY_FILE_BYTES, 0, k);
    }
    return 0;
}

int body_file_put(struct body_files *all, struct body_file *f, const char *p, size_t n)
{
    int status = put(all, f, p, n);
    if (status != 0 || f->n - f->looked < BODY_FILE_LOOK)
        return status;
    /* Begun early, writing never has to catch up: a loop thread would wait for it. */
    (void)sync_file_range(f->fd, (off_t)f->looked, (off_t)(f->n - f->looked), SYNC_FILE_RANGE_WRITE);
    f->looked = f->n;
    return look(all, f, f->n * (BODY_FILE_COPIES - 1)); /* its length was perhaps not announced */
}

int body_file_whole(struct body_file *f, struct str *out)
{
    *out = STR("");
    if (f->n == 0)
        return 0;
    f->map = mmap(NULL, (size_t)f->n, PROT_READ, MAP_PRIVATE, f->fd, 0);
    if (f->map == MAP_FAILED) {
        f->map = NULL;
        return 503;
    }
    (void)madvise(f->map, (size_t)f->n, MADV_SEQUENTIAL);
    *out = (struct str){ f->map, (size_t)f->n };
    return 0;
}

void body_file_late(const struct body_file *f)
{
    if (f->who != 0)
        (void)refused(BODY_FILE_SLOW, 408);
}

void body_file_close(struct body_files *all, struct body_file *f)
{
    if (f->map != NULL)
        (void)munmap(f->map, (size_t)f->n);
    if (f->fd > 0)
        (void)close(f->fd);
    if (f->who != 0) {
        give_place(all, f->who);
        metrics_add(METRIC_BODY_FILES, 0, -1);
        metrics_add(METRIC_BODY_FILE_BYTES, 0, -(int64_t)f->n);
    }
    *f = (struct body_file){ 0 };
}
