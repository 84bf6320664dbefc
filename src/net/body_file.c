/* SPDX-License-Identifier: Apache-2.0 */
#include "net/body_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"

static int broken(const struct body_files *all)
{
    log_error(STR("net"), "a body cannot be kept in %s: %s", all->folder, strerror(errno));
    return 500;
}

static int take_place(struct body_files *all, int64_t who)
{
    LOCKED(&all->lock);
    int free_at = -1;
    for (int i = 0; i < BODY_FILES_MAX; i++) {
        if (all->of[i] == who)
            return 429;
        if (all->of[i] == 0)
            free_at = i;
    }
    if (free_at < 0)
        return 503;
    all->of[free_at] = who;
    return 0;
}

static void give_place(struct body_files *all, int64_t who)
{
    LOCKED(&all->lock);
    for (int i = 0; i < BODY_FILES_MAX; i++)
        if (all->of[i] == who)
            all->of[i] = 0;
}

static int look(const struct body_files *all, const struct body_file *f, uint64_t more)
{
    struct statvfs disk;
    if (fstatvfs(f->fd, &disk) != 0)
        return broken(all);
    return (uint64_t)disk.f_bavail * disk.f_frsize < all->floor + more ? 507 : 0;
}

int body_file_open(struct body_files *all, int64_t who, uint64_t announced, struct body_file *f)
{
    int status = take_place(all, who);
    if (status != 0)
        return status;
    f->who = who;
    f->fd = open(all->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (f->fd < 0) {
        f->fd = 0;
        return broken(all);
    }
    return look(all, f, announced * BODY_FILE_COPIES);
}

int body_file_put(const struct body_files *all, struct body_file *f, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t k = write(f->fd, p, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return errno == ENOSPC || errno == EDQUOT ? 507 : broken(all);
        p += k;
        n -= (size_t)k;
        f->n += (uint64_t)k;
    }
    if (f->n - f->looked < BODY_FILE_LOOK)
        return 0;
    /* Begun early, writing never has to catch up: a loop thread would wait for it. */
    (void)sync_file_range(f->fd, (off_t)f->looked, (off_t)(f->n - f->looked), SYNC_FILE_RANGE_WRITE);
    f->looked = f->n;
    return look(all, f, 0);
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

void body_file_close(struct body_files *all, struct body_file *f)
{
    if (f->map != NULL)
        (void)munmap(f->map, (size_t)f->n);
    if (f->fd > 0)
        (void)close(f->fd);
    if (f->who != 0)
        give_place(all, f->who);
    *f = (struct body_file){ 0 };
}
