/* SPDX-License-Identifier: Apache-2.0 */
#include "core/relation.h"

#include <stdlib.h>

#include "base/id.h"
#include "core/domain_mute.h"
#include "core/uni.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "model/site.h"
#include "store/account.h"
#include "store/account_note.h"
#include "store/block.h"
#include "store/endorsement.h"
#include "store/follow.h"
#include "store/mute.h"
#include "store/relation.h"
#include "store/tx.h"

static bool is_moderator(const struct ctx *c)
{
    return c->me->role >= ROLE_MODERATOR;
}

/* Somebody one may stand in a relation to; suspended ones count where asked for. */
static bool is_there(const struct ctx *c, const struct account *a, bool with_suspended)
{
    if (a == NULL || ((!a->active || a->deletion_ms != 0) && !is_moderator(c) && a->id != c->me->id))
        return false;
    return a->standing.kind != STANDING_SUSPENDED || with_suspended || is_moderator(c);
}

enum err relation_list(struct ctx *c, const int64_t *ids, int64_t ids_n, bool with_suspended, struct relation **out,
                       int64_t *n)
{
    struct account **people = ARENA_ARRAY(c->arena, (size_t)ids_n + 1, struct account *);
    int64_t *known = ARENA_ARRAY(c->arena, (size_t)ids_n + 1, int64_t);
    *out = ARENA_ARRAY(c->arena, (size_t)ids_n + 1, struct relation);
    *n = 0;
    TRY(store_account_load(c, ids, ids_n, people));
    for (int64_t i = 0; i < ids_n; i++)
        if (is_there(c, people[i], with_suspended)) {
            people[*n] = people[i];
            known[(*n)++] = ids[i];
        }
    struct bond *bonds = ARENA_ARRAY(c->arena, (size_t)*n + 1, struct bond);
    TRY(domain_mute_mark(c, people, *n, bonds));
    TRY(store_relation_load(c, c->me->id, known, *n, *out));
    for (int64_t i = 0; i < *n; i++)
        (*out)[i].domain_blocking = bonds[i].mutes_domain;
    return OK;
}

enum err relation_get(struct ctx *c, int64_t target_id, struct relation *out)
{
    struct relation *one = NULL;
    int64_t n = 0;
    TRY(relation_list(c, &target_id, 1, true, &one, &n));
    if (n == 0)
        return fail(c, ERR_NOT_FOUND, "Record not found");
    *out = one[0];
    return OK;
}

enum err relation_note(struct ctx *c, int64_t target_id, struct str note)
{
    TX tx = { 0 };
    struct relation r = { 0 };
    TRY(member_may_write(c));
    TRY(relation_get(c, target_id, &r));
    if (uni_graphemes(note) > ACCOUNT_NOTE_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Comment is too long (maximum is %d characters)",
                    ACCOUNT_NOTE_MAX);
    TRY(tx_begin(c, &tx));
    if (note.n == 0)
        TRY(store_account_note_delete(c, c->me->id, target_id));
    else
        TRY(store_account_note_set(c, c->me->id, target_id, note));
    return tx_commit(&tx);
}

/* May its followers and whom it follows be looked at? */
static enum err collections_of(struct ctx *c, int64_t account_id, bool *shown)
{
    struct account *a = NULL;
    TRY(account_see(c, account_id, &a));
    bool is_own = c->me != NULL && c->me->id == a->id;
    *shown = is_own || !a->hide_collections || (c->me != NULL && is_moderator(c));
    return OK;
}

enum err relation_accounts(struct ctx *c, enum relation_page which, int64_t account_id, const struct page *p,
                           struct account_page *out)
{
    bool shown = true;
    struct account *a = NULL;
    *out = (struct account_page){ 0 };
    if (which == RELATION_FOLLOWING || which == RELATION_FOLLOWERS)
        TRY(collections_of(c, account_id, &shown));
    if (which == RELATION_ENDORSED)
        TRY(account_see(c, account_id, &a));
    if (!shown)
        return OK;
    switch (which) {
    case RELATION_FOLLOWING: return account_page_fill(c, store_follow_list, account_id, false, p, out);
    case RELATION_FOLLOWERS: return account_page_fill(c, store_follower_list, account_id, false, p, out);
    case RELATION_ENDORSED: return account_page_fill(c, store_endorsement_list, account_id, false, p, out);
    case RELATION_BLOCKS: return account_page_fill(c, store_block_list, c->me->id, true, p, out);
    case RELATION_MUTES: return account_page_fill(c, store_mute_list, c->me->id, true, p, out);
    case RELATION_REQUESTS: return account_page_fill(c, store_follow_request_list, c->me->id, true, p, out);
    }
    return OK;
}

/* Out of n accounts those that do not hide whom they follow. */
static enum err leave_hidden_out(struct ctx *c, int64_t *ids, int64_t *n)
{
    struct account **people = ARENA_ARRAY(c->arena, (size_t)*n + 1, struct account *);
    int64_t kept = 0;
    TRY(accounts_filter(c, ids, *n));
    TRY(store_account_load(c, ids, *n, people));
    for (int64_t i = 0; i < *n; i++)
        if (ids[i] != 0 && people[i] != NULL && !people[i]->hide_collections)
            ids[kept++] = ids[i];
    *n = kept;
    return OK;
}

/* The oldest accounts. Twice as many as are named are looked at, so that those who hide theirs rarely leave a gap;
   whether memory or the store knows of one must not show. */
static enum err familiar_of(struct ctx *c, struct familiar *out)
{
    struct feed_followed f = { 0 };
    int64_t max = FAMILIAR_MAX * 2;
    int64_t n = 0;
    TRY(feed_followed(c, c->me->id, out->id, c->site->follows_max, &f));
    int64_t *among = ARENA_ARRAY(c->arena, (size_t)(f.sure_n + max), int64_t);
    TRY(store_follower_among(c, out->id, f.unsure, f.unsure_n, max, among, &n));
    for (int64_t i = 0; i < f.sure_n; i++)
        among[n++] = f.sure[i];
    qsort(among, (size_t)n, sizeof *among, id_compare);
    n = n < max ? n : max;
    TRY(leave_hidden_out(c, among, &n));
    for (int64_t i = 0; i < n && out->n < FAMILIAR_MAX; i++)
        out->accounts[out->n++] = among[i];
    return OK;
}

enum err relation_familiar(struct ctx *c, const int64_t *ids, int64_t ids_n, struct familiar **out, int64_t *n)
{
    int64_t *seen = ARENA_ARRAY(c->arena, (size_t)ids_n + 1, int64_t);
    struct account **people = ARENA_ARRAY(c->arena, (size_t)ids_n + 1, struct account *);
    memcpy(seen, ids, (size_t)ids_n * sizeof *ids);
    *out = ARENA_ARRAY(c->arena, (size_t)ids_n + 1, struct familiar);
    *n = 0;
    TRY(accounts_filter(c, seen, ids_n));
    TRY(store_account_load(c, seen, ids_n, people));
    for (int64_t i = 0; i < ids_n; i++) {
        if (seen[i] == 0 || people[i] == NULL)
            continue;
        struct familiar *f = &(*out)[(*n)++];
        f->id = seen[i];
        if (!people[i]->hide_collections)
            TRY(familiar_of(c, f));
    }
    return OK;
}
