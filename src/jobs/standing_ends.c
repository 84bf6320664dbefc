/* SPDX-License-Identifier: Apache-2.0 */
#include "core/standing.h"
#include "jobs/kinds.h"

/* Subject: the account or parley whose standing has an end. */
enum err job_standing_ends(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return standing_end_due(c, j->subject);
}
