/* SPDX-License-Identifier: Apache-2.0 */
#include "core/search_index.h"
#include "core/status_delete.h"
#include "jobs/kinds.h"

enum err job_status_removed(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    TRY(search_forget_status(c, j->subject));
    return status_sweep(c, j->subject);
}
