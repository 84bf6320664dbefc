/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status_tell.h"
#include "jobs/kinds.h"

enum err job_poll_ended(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    struct str rest = j->payload;
    struct str end = { 0 };
    int64_t end_ms = 0;
    int64_t after = 0;
    (void)tools;
    if (!str_cut(&rest, ':', &end) || !str_to_i64(end, &end_ms) || !str_to_i64(rest, &after))
        return fail(c, ERR_INVALID, "the payload is not end:voter");
    return status_tell_voters(c, j->subject, end_ms, after);
}
