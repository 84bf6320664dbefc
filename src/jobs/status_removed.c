/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_delete.h"
#include "jobs/kinds.h"

enum err job_status_removed(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return status_sweep(c, j->subject);
}
