/* SPDX-License-Identifier: Apache-2.0 */
#include "core/list.h"

#include "base/id.h"
#include "core/uni.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "store/account.h"
#include "store/bond.h"
#include "store/list.h"
#include "store/tx.h"

enum err list_all(struct ctx *c, struct list **out, int64_t *n)
{
    *out = ARENA_ARRAY(c->arena, LISTS_MAX, struct list);
    return store_list_all(c, c->me->id, *out, n);
}

enum err list_get(struct ctx *c, int64_t id, struct list **out)
{
    TRY(store_list_find(c, c->me->id, id, out));
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

static enum err merge(struct ctx *c, const struct list_wish *w, struct list *l)
{
    if (w->title.p != NULL)
        l->title = str_trim(w->title);
    if (w->replies >= 0)
        l->replies = (enum list_replies)w->replies;
    if (w->exclusive >= 0)
        l->exclusive = w->exclusive != 0;
    if (l->title.n == 0)
        return fail(c, ERR_INVALID, "Validation failed: Title can't be blank");
    if (!str_is_utf8(l->title) || uni_graphemes(l->title) > LIST_TITLE_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Title is too long (maximum is %d characters)", LIST_TITLE_MAX);
    return OK;
}

enum err list_create(struct ctx *c, const struct list_wish *w, struct list *out)
{
    TX tx = { 0 };
    struct list *all = NULL;
    int64_t n = 0;
    *out = (struct list){ .account_id = c->me->id, .replies = LIST_REPLIES_LIST };
    TRY(member_may_write(c));
    TRY(merge(c, w, out));
    TRY(tx_begin(c, &tx));
    TRY(store_account_lock(c, &c->me->id, 1)); /* of two at once none passes the limit */
    TRY(list_all(c, &all, &n));
    if (n == LISTS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: You can have %d lists at most", LISTS_MAX);
    TRY(store_list_insert(c, out));
    TRY(tx_commit(&tx));
    feed_follow_changed(c->feed, c->me->id);
    return OK;
}

enum err list_update(struct ctx *c, int64_t id, const struct list_wish *w, struct list **out)
{
    TX tx = { 0 };
    TRY(member_may_write(c));
    TRY(tx_begin(c, &tx));
    TRY(list_get(c, id, out));
    TRY(merge(c, w, *out));
    TRY(store_list_update(c, *out));
    TRY(tx_commit(&tx));
    feed_follow_changed(c->feed, c->me->id);
    return OK;
}

enum err list_delete(struct ctx *c, int64_t id)
{
    TX tx = { 0 };
    struct list *l = NULL;
    TRY(member_may_write(c));
    TRY(tx_begin(c, &tx));
    TRY(store_account_lock(c, &c->me->id, 1)); /* nobody is put into it meanwhile */
    TRY(list_get(c, id, &l));
    TRY(store_list_delete(c, l));
    TRY(tx_commit(&tx));
    feed_follow_changed(c->feed, c->me->id);
    return OK;
}

enum err list_members(struct ctx *c, int64_t id, const struct page *p, struct account_page *out)
{
    struct list *l = NULL;
    TRY(list_get(c, id, &l));
    return account_page_fill(c, store_list_members, l->id, true, p, out);
}

/* Within the transaction that holds c->me's row: nobody stops being followed meanwhile. */
static enum err add_all(struct ctx *c, const struct list *l, const int64_t *targets, int64_t n)
{
    struct bond *bonds = ARENA_ARRAY(c->arena, (size_t)n + 1, struct bond);
    int64_t have = 0;
    int64_t first = id_new(c, id_bucket(l->account_id));
    TRY(store_bond_load(c, c->me->id, targets, n, bonds));
    TRY(store_list_member_count(c, l->id, &have));
    for (int64_t i = 0; i < n; i++) {
        bool added = false;
        if (!bonds[i].follows && targets[i] != c->me->id)
            return fail(c, ERR_NOT_FOUND, "Record not found");
        TRY(store_list_member_insert(c, l, targets[i], id_nth(first, i), &added));
        if (!added)
            return fail(c, ERR_INVALID, "Validation failed: Account has already been taken");
    }
    if (have + n > LIST_MEMBERS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: A list can hold %d people at most", LIST_MEMBERS_MAX);
    return OK;
}

enum err list_add(struct ctx *c, int64_t id, const int64_t *targets, int64_t n)
{
    TX tx = { 0 };
    struct list *l = NULL;
    TRY(member_may_write(c));
    if (n > LIST_MEMBERS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: A list can hold %d people at most", LIST_MEMBERS_MAX);
    TRY(tx_begin(c, &tx));
    TRY(store_account_lock(c, &c->me->id, 1));
    TRY(list_get(c, id, &l));
    TRY(add_all(c, l, targets, n));
    TRY(tx_commit(&tx));
    feed_follow_changed(c->feed, c->me->id);
    return OK;
}

enum err list_drop(struct ctx *c, int64_t id, const int64_t *targets, int64_t n)
{
    TX tx = { 0 };
    struct list *l = NULL;
    TRY(member_may_write(c));
    TRY(tx_begin(c, &tx));
    TRY(list_get(c, id, &l));
    TRY(store_list_member_delete(c, l, targets, n));
    TRY(tx_commit(&tx));
    feed_follow_changed(c->feed, c->me->id);
    return OK;
}

enum err list_of(struct ctx *c, int64_t target_id, struct list **out, int64_t *n)
{
    struct account *target = NULL;
    TRY(account_see(c, target_id, &target));
    *out = ARENA_ARRAY(c->arena, LISTS_MAX, struct list);
    return store_list_of(c, c->me->id, target_id, *out, n);
}
