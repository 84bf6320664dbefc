/* SPDX-License-Identifier: Apache-2.0 */
#include "media/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"

static int64_t written; /* global: atomic; a figure of the process */

bool media_written_since(int64_t bytes)
{
    if (__atomic_load_n(&written, __ATOMIC_RELAXED) < bytes)
        return false;
    __atomic_store_n(&written, 0, __ATOMIC_RELAXED);
    return true;
}

static enum err no_room(struct ctx *c, const char *path, int why)
{
    return why == ENOSPC || why == EDQUOT ? fail(c, ERR_NO_SPACE, "The disk of this server is full")
                                          : fail_internal(c, "%s: %s", path, strerror(why));
}

/* Every folder above `path` that is missing, the nearest last. */
static enum err make_folders(struct ctx *c, const char *path)
{
    char *p = arena_alloc(c->arena, strlen(path) + 1);
    memcpy(p, path, strlen(path) + 1);
    char *slash = strrchr(p, '/');
    if (slash == NULL || slash == p)
        return OK;
    *slash = '\0';
    if (mkdir(p, 0700) == 0 || errno == EEXIST)
        return OK;
    if (errno != ENOENT)
        return no_room(c, p, errno);
    TRY(make_folders(c, p));
    return mkdir(p, 0700) == 0 || errno == EEXIST ? OK : no_room(c, p, errno);
}

static bool write_all(int fd, struct str s)
{
    while (s.n > 0) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_skip(s, (size_t)n);
    }
    return fsync(fd) == 0;
}

static bool sync_folder_of(struct ctx *c, const char *path)
{
    size_t n = (size_t)(strrchr(path, '/') - path);
    int fd = open(arena_cstr(c->arena, (struct str){ path, n }), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return done;
}

enum err media_write(struct ctx *c, const char *path, struct str bytes)
{
    struct str token = rand_token(c->arena);
    const char *tmp = arena_strf(c->arena, "%s." STR_FMT ".tmp", path, STR_ARG(token)).p;
    TRY(make_folders(c, path));
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool done = fd >= 0 && write_all(fd, bytes);
    int why = errno;
    if (fd >= 0)
        (void)close(fd);
    (void)__atomic_add_fetch(&written, (int64_t)bytes.n, __ATOMIC_RELAXED);
    if (done && rename(tmp, path) == 0 && sync_folder_of(c, path))
        return OK;
    if (done)
        why = errno;
    (void)unlink(tmp);
    return no_room(c, path, why);
}
