/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff.h"

#include "model/account.h"

bool staff_is_operator(const struct ctx *c)
{
    return c->me == NULL && c->session == NULL && c->ip.n == 0;
}

enum err staff_only(struct ctx *c)
{
    if (staff_is_operator(c)
        || (c->me != NULL && c->me->role >= ROLE_MODERATOR && c->me->active && c->me->standing.kind < STANDING_FROZEN))
        return OK;
    return fail(c, ERR_FORBIDDEN, "This action is not allowed");
}

enum err staff_above(struct ctx *c, const struct account *subject)
{
    TRY(staff_only(c));
    if (staff_is_operator(c) || (c->me->id != subject->id && c->me->role > subject->role))
        return OK;
    return fail(c, ERR_FORBIDDEN, "This action is not allowed on somebody of the same role or a higher one");
}
