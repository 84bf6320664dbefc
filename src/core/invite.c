/* SPDX-License-Identifier: Apache-2.0 */
#include "core/invite.h"

#include "base/rng.h"
#include "core/site.h"
#include "core/visible.h"
#include "store/invite.h"
#include "store/tx.h"

#define CODE_CHARS 16 /* 96 bits */

enum err invite_create(struct ctx *c, struct str note, int64_t uses_max, int64_t expires_ms, struct invite **out)
{
    TX tx = { 0 };
    struct invite *all = NULL;
    int64_t n = 0;
    TRY(site_allows_write(c));
    TRY(member_may_write(c));
    if (c->site->sign_up == SIGN_UP_CLOSED && c->me->role < ROLE_MODERATOR)
        return fail(c, ERR_FORBIDDEN, "Sign-up is closed");
    if (note.n > INVITE_NOTE_MAX || !str_is_utf8(note) || uses_max < 0 || expires_ms < 0)
        return fail(c, ERR_INVALID, "An invitation has a note of at most %d bytes", INVITE_NOTE_MAX);
    TRY(store_invite_list(c, c->me->id, INVITES_MAX, &all, &n));
    if (n == INVITES_MAX)
        return fail(c, ERR_INVALID, "You have %d invitations already: delete one", INVITES_MAX);
    struct invite *i = ARENA_NEW(c->arena, struct invite);
    *i = (struct invite){
        .account_id = c->me->id,
        .code = str_head(rand_token(c->arena), CODE_CHARS),
        .note = note,
        .uses_max = uses_max,
        .created_ms = c->now_ms,
        .expires_ms = expires_ms,
    };
    TRY(tx_begin(c, &tx));
    TRY(store_invite_insert(c, i));
    TRY(tx_commit(&tx));
    *out = i;
    return OK;
}

enum err invite_list(struct ctx *c, struct invite **out, int64_t *n)
{
    if (c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    return store_invite_list(c, c->me->id, INVITES_MAX, out, n);
}

enum err invite_delete(struct ctx *c, struct str code)
{
    TX tx = { 0 };
    struct invite *i = NULL;
    TRY(store_invite_find(c, code, &i));
    if (i == NULL || c->me == NULL || (i->account_id != c->me->id && c->me->role < ROLE_MODERATOR))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    TRY(tx_begin(c, &tx));
    TRY(store_invite_delete(c, i));
    return tx_commit(&tx);
}
