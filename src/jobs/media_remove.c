/* SPDX-License-Identifier: Apache-2.0 */
#include "core/media_use.h"
#include "jobs/kinds.h"

/* The file goes when no row uses it any more; a second run finds nothing to do. */
enum err job_media_remove(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return media_remove_unused(c, j->payload);
}
