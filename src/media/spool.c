/* SPDX-License-Identifier: Apache-2.0 */
#include "media/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/site.h"

void spool_fini(struct spool *s)
{
    if (s->fd > 0)
        (void)close(s->fd);
    free(s->buffer);
    *s = (struct spool){ 0 };
}

enum err spool_open(struct ctx *c, struct spool *s)
{
    const char *folder = arena_cstr(c->arena, c->site->data_dir);
    *s = (struct spool){ .fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) };
    if (s->fd < 0) {
        s->fd = 0;
        return fail_internal(c, "%s: %s", folder, strerror(errno));
    }
    s->buffer = malloc(SPOOL_BUFFER);
    if (s->buffer == NULL)
        abort();
    return OK;
}

static enum err write_out(struct ctx *c, struct spool *s, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(s->fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return errno == ENOSPC || errno == EDQUOT ? fail(c, ERR_NO_SPACE, "The disk of this server is full")
                                                      : fail_internal(c, "spool: %s", strerror(errno));
        bytes = str_skip(bytes, (size_t)n);
    }
    return OK;
}

enum err spool_put(struct ctx *c, struct spool *s, struct str bytes)
{
    s->size += bytes.n;
    if (s->held + bytes.n > SPOOL_BUFFER) {
        TRY(write_out(c, s, (struct str){ s->buffer, s->held }));
        s->held = 0;
    }
    if (bytes.n > SPOOL_BUFFER)
        return write_out(c, s, bytes);
    if (bytes.n > 0)
        memcpy(s->buffer + s->held, bytes.p, bytes.n);
    s->held += bytes.n;
    return OK;
}

enum err spool_end(struct ctx *c, struct spool *s, int *fd, uint64_t *size)
{
    TRY(write_out(c, s, (struct str){ s->buffer, s->held }));
    if (lseek(s->fd, 0, SEEK_SET) != 0)
        return fail_internal(c, "spool: %s", strerror(errno));
    *fd = s->fd;
    *size = s->size;
    s->fd = 0;
    return OK;
}
