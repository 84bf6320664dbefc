/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"
#include "core/search_index.h"
#include "core/status_delete.h"
#include "jobs/kinds.h"

enum err job_status_removed(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    int64_t thread_id = 0;
    (void)tools;
    TRY(search_forget_status(c, j->subject));
    TRY(status_sweep(c, j->subject));
    return id_parse(j->payload, &thread_id) ? status_orphan(c, j->subject, thread_id) : OK;
}
