/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_tell.h"
#include "jobs/kinds.h"

enum err job_status_edited(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    TRY(status_tell_echoers(c, j->subject));
    return status_tell_quoters(c, j->subject);
}
