/* SPDX-License-Identifier: Apache-2.0 */
#include "core/endorsement.h"

#include "core/visible.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/bond.h"
#include "store/endorsement.h"
#include "store/relation.h"
#include "store/tx.h"

/* Both rows are held: nobody stops following meanwhile, and of two at once the second counts the first. */
static enum err insert(struct ctx *c, int64_t target_id)
{
    struct bond b = { 0 };
    int64_t n = 0;
    bool added = false;
    TRY(store_relation_lock(c, c->me->id, target_id));
    TRY(store_bond_load(c, c->me->id, &target_id, 1, &b));
    if (!b.follows)
        return fail(c, ERR_INVALID, "Validation failed: You can recommend only people whom you follow");
    TRY(store_endorsement_count(c, c->me->id, &n));
    TRY(store_endorsement_insert(c, c->me->id, target_id, &added));
    if (added && n >= ENDORSEMENTS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: You can recommend %d people at most", ENDORSEMENTS_MAX);
    return OK;
}

enum err endorsement_add(struct ctx *c, int64_t target_id)
{
    TX tx = { 0 };
    struct account *target = NULL;
    TRY(member_may_write(c));
    TRY(account_see(c, target_id, &target));
    TRY(tx_begin(c, &tx));
    TRY(insert(c, target->id));
    TRY(tx_commit(&tx));
    feed_account_changed(c->feed, c->me->id); /* the page that shows them */
    return OK;
}

enum err endorsement_remove(struct ctx *c, int64_t target_id)
{
    TX tx = { 0 };
    struct account *target = NULL;
    TRY(member_may_write(c));
    TRY(store_account_get(c, target_id, &target));
    TRY(tx_begin(c, &tx));
    TRY(store_endorsement_delete(c, c->me->id, target->id));
    TRY(tx_commit(&tx));
    feed_account_changed(c->feed, c->me->id);
    return OK;
}
