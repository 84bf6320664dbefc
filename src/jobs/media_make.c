/* SPDX-License-Identifier: Apache-2.0 */
#include "core/attachment_work.h"
#include "jobs/kinds.h"

/* Subject: the row. Killed in the middle, it begins again: the sealed upload goes only with the transaction's success.
 */
enum err job_media_make(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return attachment_work(c, j->subject);
}
