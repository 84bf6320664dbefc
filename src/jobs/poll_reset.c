/* SPDX-License-Identifier: Apache-2.0 */
#include "core/poll.h"
#include "jobs/kinds.h"

enum err job_poll_reset(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    int64_t after = 0;
    (void)tools;
    if (!str_to_i64(j->payload, &after))
        return fail(c, ERR_INVALID, "the payload is no id");
    return poll_sweep_step(c, j->subject, after);
}
