/* SPDX-License-Identifier: Apache-2.0 */
#include "media/unpacked.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/run.h"
#include "media/write.h"
#include "model/site.h"

#define CHUNK ((size_t)1024 * 1024)

static const char *path_of(struct ctx *c, int64_t id, const char *kind)
{
    return arena_strf(c->arena, STR_FMT "/archives/%lld.%s", STR_ARG(c->site->data_dir), (long long)id, kind).p;
}

enum err upload_put(struct ctx *c, int64_t id, struct str bytes)
{
    return media_write(c, path_of(c, id, "upload"), bytes);
}

static enum err no_room(struct ctx *c, const char *path)
{
    return errno == ENOSPC || errno == EDQUOT ? fail(c, ERR_NO_SPACE, "The disk of this server is full")
                                              : fail_internal(c, "%s: %s", path, strerror(errno));
}

static enum err copy_all(struct ctx *c, int in, int out, const char *path)
{
    for (ssize_t n = 1; n > 0;) {
        n = copy_file_range(in, NULL, out, NULL, CHUNK, 0);
        if (n < 0)
            return no_room(c, path);
    }
    return fsync(out) == 0 ? OK : no_room(c, path);
}

enum err upload_copy(struct ctx *c, int64_t id, const char *from, int64_t max)
{
    struct stat st = { 0 };
    TRY(media_write(c, path_of(c, id, "upload"), STR(""))); /* makes the folder */
    const char *path = path_of(c, id, "upload");
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return fail(c, ERR_NOT_FOUND, "%s cannot be read by the server: %s", from, strerror(errno));
    int out = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
    enum err e = out < 0 || fstat(in, &st) != 0 ? no_room(c, path) : OK;
    if (e == OK && !S_ISREG(st.st_mode))
        e = fail(c, ERR_INVALID, "%s is no file", from);
    if (e == OK && st.st_size > max)
        e = fail(c, ERR_TOO_LARGE, "%s is larger than %lld MB", from, (long long)(max / 1024 / 1024));
    if (e == OK)
        e = copy_all(c, in, out, path);
    (void)close(in);
    if (out >= 0)
        (void)close(out);
    return e;
}

static enum err remove_one(struct ctx *c, int64_t id, const char *kind)
{
    const char *path = path_of(c, id, kind);
    return unlink(path) == 0 || errno == ENOENT ? OK : fail_internal(c, "%s: %s", path, strerror(errno));
}

enum err upload_remove(struct ctx *c, int64_t id)
{
    TRY(remove_one(c, id, "upload"));
    TRY(remove_one(c, id, "found.tmp"));
    return remove_one(c, id, "found");
}

/* ID.upload and ID.found; anything else in the folder is somebody else's. */
static bool id_of(struct str name, int64_t *id)
{
    size_t dot = 0;
    return str_find(name, STR("."), &dot) && (str_ends(name, STR(".upload")) || str_ends(name, STR(".found")))
           && str_to_i64(str_head(name, dot), id);
}

/* Into an ascending list that has room for the `max` smallest. */
static void list_smallest(int64_t id, int64_t *ids, int64_t max, int64_t *n)
{
    int64_t at = *n;
    while (at > 0 && ids[at - 1] > id)
        at--;
    if (at == max || (at > 0 && ids[at - 1] == id))
        return;
    *n += *n < max ? 1 : 0;
    memmove(&ids[at + 1], &ids[at], (size_t)(*n - at - 1) * sizeof *ids);
    ids[at] = id;
}

enum err uploads_left(struct ctx *c, int64_t before_ms, int64_t after, int64_t *ids, int64_t max, int64_t *n)
{
    const char *folder = arena_strf(c->arena, STR_FMT "/archives", STR_ARG(c->site->data_dir)).p;
    DIR *d = opendir(folder);
    *n = 0;
    if (d == NULL)
        return errno == ENOENT ? OK : fail_internal(c, "%s: %s", folder, strerror(errno));
    for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        struct stat st;
        int64_t id = 0;
        struct str name = str_c(e->d_name);
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode)
            || (int64_t)st.st_mtim.tv_sec * 1000 >= before_ms)
            continue;
        if (str_ends(name, STR(".tmp")))
            (void)unlinkat(dirfd(d), e->d_name, 0);
        else if (id_of(name, &id) && id > after)
            list_smallest(id, ids, max, n);
    }
    (void)closedir(d);
    return OK;
}

enum err upload_unpack(struct ctx *c, int64_t id)
{
    const char *found = path_of(c, id, "found");
    const char *unfinished = path_of(c, id, "found.tmp");
    const char *upload = path_of(c, id, "upload");
    if (access(found, F_OK) == 0)
        return remove_one(c, id, "upload");
    int in = open(upload, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0)
        return fail(c, ERR_INVALID, "The archive is not there any more. Send it again.");
    int out = open(unfinished, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (out < 0) {
        enum err e = no_room(c, unfinished);
        (void)close(in);
        return e;
    }
    TRY(media_unpack(c, in, out));
    if (rename(unfinished, found) != 0)
        return no_room(c, found);
    return remove_one(c, id, "upload");
}

void unpacked_fini(struct unpacked *u)
{
    if (u->fd > 0)
        (void)close(u->fd);
    u->fd = 0;
}

static bool is_within(const struct unpacked *u, int64_t at, int64_t n)
{
    return at >= (int64_t)sizeof u->head && n >= 0 && at <= u->size && n <= u->size - at;
}

static bool is_plausible(const struct unpacked *u)
{
    const struct unpack_head *h = &u->head;
    return h->magic == UNPACK_MAGIC && h->posts_n <= UNPACK_POSTS_MAX && h->files_n <= UNPACK_FILES_MAX
           && is_within(u, h->posts_at, (int64_t)h->posts_n * (int64_t)sizeof(struct unpack_post))
           && is_within(u, h->files_at, (int64_t)h->files_n * (int64_t)sizeof(struct unpack_file));
}

enum err unpacked_open(struct ctx *c, int64_t id, struct unpacked *out)
{
    struct stat st = { 0 };
    *out = (struct unpacked){ .fd = open(path_of(c, id, "found"), O_RDONLY | O_CLOEXEC | O_NOFOLLOW) };
    if (out->fd < 0)
        return fail(c, ERR_INVALID, "The archive is not there any more. Send it again.");
    bool read =
        fstat(out->fd, &st) == 0 && pread(out->fd, &out->head, sizeof out->head, 0) == (ssize_t)sizeof out->head;
    out->size = st.st_size;
    return read && is_plausible(out) ? OK : fail(c, ERR_INVALID, "The archive cannot be read.");
}

static enum err read_at(struct ctx *c, const struct unpacked *u, int64_t at, void *p, size_t n)
{
    bool done = is_within(u, at, (int64_t)n);
    for (size_t k = 0; done && k < n;) {
        ssize_t got = pread(u->fd, (char *)p + k, n - k, (off_t)at + (off_t)k);
        done = got > 0;
        k += got > 0 ? (size_t)got : 0;
    }
    return done ? OK : fail(c, ERR_INVALID, "The archive cannot be read.");
}

enum err unpacked_post(struct ctx *c, const struct unpacked *u, int64_t n, struct str *json)
{
    struct unpack_post p = { 0 };
    TRY(read_at(c, u, u->head.posts_at + n * (int64_t)sizeof p, &p, sizeof p));
    if (p.n > UNPACK_ITEM_MAX * 2)
        return fail(c, ERR_INVALID, "The archive cannot be read.");
    char *bytes = arena_alloc_raw(c->arena, p.n + 1);
    *json = (struct str){ bytes, p.n };
    return read_at(c, u, p.at, bytes, p.n);
}

enum err unpacked_file(struct ctx *c, const struct unpacked *u, uint64_t key, struct str *bytes)
{
    struct unpack_file f = { 0 };
    int64_t lo = 0;
    *bytes = (struct str){ NULL, 0 };
    for (int64_t hi = u->head.files_n; lo < hi;) {
        int64_t mid = (lo + hi) / 2;
        TRY(read_at(c, u, u->head.files_at + mid * (int64_t)sizeof f, &f, sizeof f));
        if (f.key < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == u->head.files_n)
        return OK;
    TRY(read_at(c, u, u->head.files_at + lo * (int64_t)sizeof f, &f, sizeof f));
    if (f.key != key || f.n < 0 || f.n > 2 * UNPACK_FILE_MAX)
        return OK;
    char *p = arena_alloc_raw(c->arena, (size_t)f.n + 1);
    *bytes = (struct str){ p, (size_t)f.n };
    return read_at(c, u, f.at, p, (size_t)f.n);
}
