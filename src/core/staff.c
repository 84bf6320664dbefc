/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff.h"

#include "base/log.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/tx.h"

static const char *const role_words[] = {
    [ROLE_MEMBER] = "member",
    [ROLE_MODERATOR] = "moderator",
    [ROLE_ADMIN] = "admin",
    [ROLE_OWNER] = "owner",
};

struct str role_word(enum role r)
{
    return str_c(role_words[r]);
}

bool role_parse(struct str word, enum role *out)
{
    for (int i = ROLE_MEMBER; i <= ROLE_OWNER; i++)
        if (str_eq(word, str_c(role_words[i]))) {
            *out = (enum role)i;
            return true;
        }
    return false;
}

bool staff_is_operator(const struct ctx *c)
{
    return c->me == NULL && c->session == NULL && c->ip.n == 0;
}

bool staff_acts(const struct ctx *c)
{
    return staff_is_operator(c)
           || (c->me != NULL && c->me->role >= ROLE_MODERATOR && c->me->active
               && c->me->standing.kind < STANDING_FROZEN);
}

enum err staff_only(struct ctx *c)
{
    return staff_acts(c) ? OK : fail(c, ERR_FORBIDDEN, "This action is not allowed");
}

enum err staff_above(struct ctx *c, const struct account *subject)
{
    TRY(staff_only(c));
    if (staff_is_operator(c) || (c->me->id != subject->id && c->me->role > subject->role))
        return OK;
    if (c->me->id == subject->id)
        return fail(c, ERR_FORBIDDEN, "Nobody does this to themselves: somebody of a higher role may");
    return fail(c, ERR_FORBIDDEN,
                "@" STR_FMT " is %s and you are %s: this is for somebody of a higher role than theirs",
                STR_ARG(subject->username), role_words[subject->role], role_words[c->me->role]);
}

struct str staff_name(const struct ctx *c)
{
    return c->me == NULL ? STR("the operator") : arena_strf(c->arena, "@" STR_FMT, STR_ARG(c->me->username));
}

bool staff_may_give(const struct ctx *c, enum role role)
{
    if (staff_is_operator(c))
        return true;
    return staff_acts(c) && c->me->role >= ROLE_ADMIN && (role < c->me->role || c->me->role == ROLE_OWNER);
}

static enum err check_role(struct ctx *c, const struct account *a, enum role role)
{
    if (a->role == ROLE_OWNER && role != ROLE_OWNER && staff_is_operator(c))
        return fail(c, ERR_INVALID,
                    "@" STR_FMT " is the owner. Make somebody else owner; then @" STR_FMT
                    " is admin and can be changed",
                    STR_ARG(a->username), STR_ARG(a->username));
    TRY(staff_above(c, a));
    if (!staff_may_give(c, role))
        return fail(c, ERR_FORBIDDEN, "As %s you cannot make somebody %s", role_words[c->me->role], role_words[role]);
    if (role != ROLE_MEMBER && (!a->active || a->deletion_ms != 0 || a->standing.kind >= STANDING_FROZEN))
        return fail(c, ERR_INVALID, "@" STR_FMT " cannot act here now: not let in yet, leaving, frozen or suspended",
                    STR_ARG(a->username));
    return OK;
}

/* Of two who are made owner at once, one waits here and finds the other. */
static enum err step_down(struct ctx *c, struct account *owner)
{
    struct account *now = NULL;
    TRY(store_account_lock(c, &owner->id, 1));
    TRY(store_account_get(c, owner->id, &now));
    if (now->role != ROLE_OWNER)
        return fail(c, ERR_CONFLICT, "Somebody else became owner meanwhile");
    return store_account_set_role(c, owner->id, ROLE_ADMIN);
}

enum err staff_set_role(struct ctx *c, struct account *a, enum role role)
{
    TX tx = { 0 };
    struct account *owner = NULL;
    TRY(check_role(c, a, role));
    TRY(store_account_find_owner(c, &owner));
    bool hands_over = role == ROLE_OWNER && owner != NULL && owner->id != a->id;
    TRY(tx_begin(c, &tx));
    if (hands_over)
        TRY(step_down(c, owner));
    TRY(store_account_set_role(c, a->id, role));
    TRY(tx_commit(&tx));
    feed_account_changed(c->feed, a->id);
    if (hands_over)
        feed_account_changed(c->feed, owner->id);
    struct str by = staff_name(c);
    log_info(c->id, "@" STR_FMT " is %s, was %s: by " STR_FMT, STR_ARG(a->username), role_words[role],
             role_words[a->role], STR_ARG(by));
    a->role = role;
    return OK;
}
