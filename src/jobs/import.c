/* SPDX-License-Identifier: Apache-2.0 */
#include "core/import.h"

#include "jobs/kinds.h"

enum err job_import(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return import_step(c, j->subject, j->payload);
}
