/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "jobs/kinds.h"
#include "model/site.h"
#include "store/media.h"

/* Payload: the content hash. The file goes when no row uses it any more; a second run finds nothing to do. */
enum err job_media_remove(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    bool used = false;
    (void)tools;
    TRY(store_media_is_used(c, j->payload, &used));
    if (used || j->payload.n < 3)
        return OK;
    struct str path = arena_strf(c->arena, STR_FMT "/media/" STR_FMT "/" STR_FMT ".webp", STR_ARG(c->site->data_dir),
                                 STR_ARG(str_head(j->payload, 2)), STR_ARG(str_skip(j->payload, 2)));
    if (unlink(path.p) != 0 && errno != ENOENT)
        return fail(c, ERR_UNAVAILABLE, STR_FMT ": %s", STR_ARG(path), strerror(errno));
    return OK;
}
