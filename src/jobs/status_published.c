/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_tell.h"
#include "jobs/kinds.h"

enum err job_status_published(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return status_tell_followers(c, j->subject);
}
