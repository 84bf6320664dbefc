/* SPDX-License-Identifier: Apache-2.0 */
#include "media/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/site.h"

#define CHUNK ((size_t)64 * 1024)

struct archive_out {
    struct archive *zip;
    int fd;
    char *chunk;
    time_t now_s;
    char *path;
    char *unfinished;
};

const char *archive_path(struct ctx *c, int64_t id)
{
    return arena_strf(c->arena, STR_FMT "/archives/%lld.zip", STR_ARG(c->site->data_dir), (long long)id).p;
}

void archive_out_fini(struct archive_out **p)
{
    struct archive_out *o = *p;
    if (o == NULL)
        return;
    if (o->zip != NULL)
        (void)archive_write_free(o->zip);
    if (o->fd >= 0)
        (void)close(o->fd);
    if (o->unfinished != NULL)
        (void)unlink(o->unfinished);
    free(o->unfinished);
    free(o->path);
    free(o->chunk);
    free(o);
    *p = NULL;
}

static enum err broken(struct ctx *c, const struct archive_out *o)
{
    return archive_errno(o->zip) == ENOSPC ? fail(c, ERR_NO_SPACE, "The disk of this server is full")
                                           : fail_internal(c, "archive: %s", archive_error_string(o->zip));
}

enum err archive_out_open(struct ctx *c, int64_t id, struct archive_out **out)
{
    struct archive_out *o = calloc(1, sizeof *o);
    const char *folder = arena_strf(c->arena, STR_FMT "/archives", STR_ARG(c->site->data_dir)).p;
    const char *path = archive_path(c, id);
    const char *unfinished = arena_strf(c->arena, "%s.tmp", path).p;
    if (o == NULL)
        abort();
    *out = o;
    *o = (struct archive_out){ .zip = archive_write_new(),
                               .fd = -1,
                               .chunk = malloc(CHUNK),
                               .now_s = (time_t)(c->now_ms / 1000),
                               .path = strdup(path),
                               .unfinished = strdup(unfinished) };
    if (o->zip == NULL || o->chunk == NULL || o->path == NULL || o->unfinished == NULL)
        abort();
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fail_internal(c, "%s: %s", folder, strerror(errno));
    o->fd = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (o->fd < 0)
        return fail_internal(c, "%s: %s", unfinished, strerror(errno));
    if (archive_write_set_format_zip(o->zip) != ARCHIVE_OK || archive_write_open_fd(o->zip, o->fd) != ARCHIVE_OK)
        return broken(c, o);
    return OK;
}

static enum err begin(struct ctx *c, struct archive_out *o, const char *name, uint64_t size, bool packs)
{
    struct archive_entry *e = archive_entry_new();
    if (e == NULL)
        abort();
    archive_entry_set_pathname(e, name);
    archive_entry_set_size(e, (la_int64_t)size);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_mtime(e, o->now_s, 0);
    (void)(packs ? archive_write_zip_set_compression_deflate(o->zip) : archive_write_zip_set_compression_store(o->zip));
    int rc = archive_write_header(o->zip, e);
    archive_entry_free(e);
    return rc == ARCHIVE_OK ? OK : broken(c, o);
}

static enum err put(struct ctx *c, struct archive_out *o, const char *p, size_t n)
{
    while (n > 0) {
        la_ssize_t k = archive_write_data(o->zip, p, n);
        if (k <= 0)
            return broken(c, o);
        p += k;
        n -= (size_t)k;
    }
    return OK;
}

enum err archive_out_bytes(struct ctx *c, struct archive_out *o, const char *name, struct str bytes)
{
    TRY(begin(c, o, name, bytes.n, true));
    return put(c, o, bytes.p, bytes.n);
}

enum err archive_out_file(struct ctx *c, struct archive_out *o, const char *name, int fd, uint64_t size, bool packs)
{
    TRY(begin(c, o, name, size, packs));
    for (uint64_t at = 0; at < size;) {
        ssize_t k = pread(fd, o->chunk, CHUNK, (off_t)at);
        if (k <= 0)
            return fail_internal(c, "archive: %s: %s", name, k == 0 ? "it became shorter" : strerror(errno));
        TRY(put(c, o, o->chunk, (size_t)k));
        at += (uint64_t)k;
    }
    return OK;
}

enum err archive_out_end(struct ctx *c, struct archive_out **p, int64_t *bytes)
{
    struct archive_out *o = *p;
    struct stat st = { 0 };
    if (archive_write_close(o->zip) != ARCHIVE_OK)
        return broken(c, o);
    if (fstat(o->fd, &st) != 0 || fsync(o->fd) != 0 || rename(o->unfinished, o->path) != 0)
        return fail_internal(c, "%s: %s", o->path, strerror(errno));
    *bytes = st.st_size;
    free(o->unfinished);
    o->unfinished = NULL;
    archive_out_fini(p);
    return OK;
}

enum err archive_file_open(struct ctx *c, int64_t id, int *fd, uint64_t *size)
{
    const char *path = archive_path(c, id);
    struct stat st = { 0 };
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0)
        return errno == ENOENT ? OK : fail_internal(c, "%s: %s", path, strerror(errno));
    if (fstat(*fd, &st) != 0)
        return fail_internal(c, "%s: %s", path, strerror(errno));
    *size = (uint64_t)st.st_size;
    return OK;
}

enum err archive_file_remove(struct ctx *c, int64_t id)
{
    const char *path = archive_path(c, id);
    const char *unfinished = arena_strf(c->arena, "%s.tmp", path).p;
    if ((unlink(path) != 0 && errno != ENOENT) || (unlink(unfinished) != 0 && errno != ENOENT))
        return fail_internal(c, "%s: %s", path, strerror(errno));
    return OK;
}
