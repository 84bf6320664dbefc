/* SPDX-License-Identifier: Apache-2.0 */
#include "core/media_use.h"
#include "jobs/kinds.h"

enum err job_media_send(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return media_send(c, j->payload);
}
