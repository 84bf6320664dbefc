/* SPDX-License-Identifier: Apache-2.0 */
#include "core/archive.h"

#include "jobs/kinds.h"

/* Killed in the middle, it begins again. */
enum err job_archive_make(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    enum err e = archive_make(c, j->subject);
    if (e != OK && j->tries + 1 >= job_row_of(j->kind)->tries_max)
        TRY(archive_give_up(c, j->subject));
    return e;
}
