/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scheduled.h"
#include "jobs/kinds.h"

enum err job_scheduled_publish(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return scheduled_publish(c, j->subject);
}
