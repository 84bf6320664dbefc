/* SPDX-License-Identifier: Apache-2.0 */
#include "core/account.h"
#include "jobs/kinds.h"

enum err job_profile_named(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    (void)tools;
    return account_find_named(c, j->subject);
}
