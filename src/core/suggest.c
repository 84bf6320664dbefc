/* SPDX-License-Identifier: Apache-2.0 */
#include "core/suggest.h"

#include <stdlib.h>

#include "base/id.h"
#include "core/trend.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "model/relation.h"
#include "store/account.h"
#include "store/follow.h"
#include "store/page.h"
#include "store/relation.h"
#include "store/status.h"
#include "store/suggestion.h"
#include "store/tx.h"

/* Who may be offered, with how many friends follow them. */
struct candidate {
    int64_t id;
    int64_t friends;
    unsigned sources;
};
struct candidates {
    struct candidate *v;
    int64_t n;
};

static int most_friends(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    int order = (x->friends < y->friends) - (x->friends > y->friends);
    return order != 0 ? order : (x->id < y->id) - (x->id > y->id);
}

/* Whom c->me follows and who lets that be seen. */
static enum err load_friends(struct ctx *c, int64_t *ids, int64_t *n)
{
    struct page p = { .limit = SUGGEST_FRIENDS_MAX };
    struct page_row *rows = NULL;
    struct account *people[SUGGEST_FRIENDS_MAX];
    int64_t met[SUGGEST_FRIENDS_MAX];
    int64_t met_n = 0;
    TRY(store_follow_list(c, c->me->id, &p, &rows, &met_n));
    for (int64_t i = 0; i < met_n; i++)
        met[i] = rows[i].id;
    TRY(store_account_load(c, met, met_n, people));
    *n = 0;
    for (int64_t i = 0; i < met_n; i++)
        if (people[i] != NULL && !people[i]->hide_collections && people[i]->standing.kind != STANDING_SUSPENDED)
            ids[(*n)++] = met[i];
    return OK;
}

static enum err add_friends(struct ctx *c, struct candidates *out)
{
    int64_t friends[SUGGEST_FRIENDS_MAX];
    int64_t n = 0;
    int64_t all_n = 0;
    int64_t *all = ARENA_ARRAY(c->arena, SUGGEST_FRIENDS_MAX * SUGGEST_EACH_MAX, int64_t);
    TRY(load_friends(c, friends, &n));
    for (int64_t i = 0; i < n; i++) {
        struct page p = { .limit = SUGGEST_EACH_MAX };
        struct page_row *rows = NULL;
        int64_t rows_n = 0;
        TRY(store_follow_list(c, friends[i], &p, &rows, &rows_n));
        for (int64_t k = 0; k < rows_n; k++)
            all[all_n++] = rows[k].id;
    }
    qsort(all, (size_t)all_n, sizeof *all, id_compare);
    for (int64_t i = 0; i < all_n; i++) {
        if (i == 0 || all[i] != all[i - 1])
            out->v[out->n++] = (struct candidate){ .id = all[i], .sources = SUGGEST_FRIENDS };
        out->v[out->n - 1].friends++;
    }
    qsort(out->v, (size_t)out->n, sizeof *out->v, most_friends);
    out->n = out->n < SUGGEST_MET_MAX ? out->n : SUGGEST_MET_MAX;
    return OK;
}

static void add_all(struct candidates *out, const int64_t *ids, int64_t n, enum suggest_source source)
{
    for (int64_t i = 0; i < n && i < SUGGEST_MET_MAX; i++) {
        int64_t at = 0;
        while (at < out->n && out->v[at].id != ids[i])
            at++;
        if (at == out->n)
            out->v[out->n++] = (struct candidate){ .id = ids[i] };
        out->v[at].sources |= source;
    }
}

static enum err add_popular(struct ctx *c, struct candidates *out)
{
    struct page p = { .limit = SUGGEST_EACH_MAX };
    struct status **liked = NULL;
    int64_t *ids = NULL;
    int64_t n = 0;
    bool more = false;
    TRY(trend_accounts(c, &ids, &n));
    add_all(out, ids, n, SUGGEST_FOLLOWED);
    TRY(trend_statuses(c, &p, &liked, &n, &more));
    ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = liked[i]->account_id;
    add_all(out, ids, n, SUGGEST_LIKED);
    return OK;
}

static bool is_new_to(const struct relation *r)
{
    return !r->following && !r->requested && !r->blocking && !r->blocked_by && !r->muting;
}

enum err suggest(struct ctx *c, int64_t limit, struct suggestion **out, int64_t *n)
{
    int64_t room = SUGGEST_FRIENDS_MAX * SUGGEST_EACH_MAX + 2 * SUGGEST_MET_MAX;
    struct candidates all = { .v = ARENA_ARRAY(c->arena, (size_t)room, struct candidate) };
    TRY(add_friends(c, &all));
    TRY(add_popular(c, &all));
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)all.n + 1, int64_t);
    struct account **people = ARENA_ARRAY(c->arena, (size_t)all.n + 1, struct account *);
    struct relation *how = ARENA_ARRAY(c->arena, (size_t)all.n + 1, struct relation);
    for (int64_t i = 0; i < all.n; i++)
        ids[i] = all.v[i].id;
    TRY(store_account_load(c, ids, all.n, people));
    TRY(store_relation_load(c, c->me->id, ids, all.n, how));
    TRY(store_suggestion_sift(c, c->me->id, ids, all.n));
    *out = ARENA_ARRAY(c->arena, (size_t)all.n + 1, struct suggestion);
    *n = 0;
    for (int64_t i = 0; i < all.n && *n < limit; i++) {
        bool may = ids[i] != 0 && ids[i] != c->me->id && people[i] != NULL && trend_may_write(people[i]);
        if (may && is_new_to(&how[i]))
            (*out)[(*n)++] = (struct suggestion){ ids[i], all.v[i].sources };
    }
    return OK;
}

enum err suggest_dismiss(struct ctx *c, int64_t account_id)
{
    TX tx = { 0 };
    struct account *a = NULL;
    int64_t have = 0;
    TRY(member_may_write(c));
    TRY(account_see(c, account_id, &a));
    TRY(tx_begin(c, &tx));
    TRY(store_suggestion_dismissed_count(c, c->me->id, &have));
    if (have >= SUGGEST_DISMISSED_MAX)
        return fail(c, ERR_INVALID, "Validation failed: You can dismiss %d suggestions at most", SUGGEST_DISMISSED_MAX);
    TRY(store_suggestion_dismiss(c, c->me->id, a->id));
    return tx_commit(&tx);
}

/* --- the directory --- */

/* Authors of the newest public parleys, each once. */
static enum err recent_authors(struct ctx *c, int64_t *out, int64_t *out_n)
{
    struct page p = { .limit = FEED_PAGE_MAX };
    *out_n = 0;
    for (int64_t seen = 0; seen < DIRECTORY_AMONG;) {
        int64_t *ids = NULL;
        int64_t n = 0;
        struct status *rows[FEED_PAGE_MAX];
        TRY(feed_local(c, 0, &p, false, &ids, &n));
        TRY(store_status_load(c, ids, n, rows));
        for (int64_t i = 0; i < n; i++)
            if (rows[i] != NULL && !id_among(out, *out_n, rows[i]->account_id))
                out[(*out_n)++] = rows[i]->account_id;
        seen += n;
        if (n < p.limit)
            break;
        p.max_id = ids[n - 1];
    }
    return OK;
}

static enum err active_page(struct ctx *c, const struct page *p, int64_t *ids, int64_t *n, bool *more)
{
    int64_t *all = ARENA_ARRAY(c->arena, DIRECTORY_AMONG + FEED_PAGE_MAX, int64_t);
    int64_t all_n = 0;
    int64_t kept = 0;
    TRY(recent_authors(c, all, &all_n));
    struct account **people = ARENA_ARRAY(c->arena, (size_t)all_n + 1, struct account *);
    TRY(store_account_load(c, all, all_n, people));
    for (int64_t i = 0; i < all_n; i++)
        if (people[i] != NULL && trend_may_write(people[i]))
            all[kept++] = all[i];
    *n = 0;
    for (int64_t i = p->offset; i < kept && *n < p->limit; i++)
        ids[(*n)++] = all[i];
    *more = p->offset + *n < kept;
    return OK;
}

static enum err new_page(struct ctx *c, const struct page *p, int64_t *ids, int64_t *n, bool *more)
{
    struct page one_more = { .limit = p->limit + 1, .offset = p->offset };
    TRY(store_account_directory(c, &one_more, ids, n));
    *more = *n > p->limit;
    *n = *more ? p->limit : *n;
    return OK;
}

enum err directory(struct ctx *c, enum directory_order order, const struct page *p, int64_t **ids, int64_t *n,
                   bool *more)
{
    int64_t kept = 0;
    *ids = ARENA_ARRAY(c->arena, (size_t)p->limit + 1, int64_t);
    TRY(order == DIRECTORY_ACTIVE ? active_page(c, p, *ids, n, more) : new_page(c, p, *ids, n, more));
    struct bond *bonds = ARENA_ARRAY(c->arena, (size_t)*n + 1, struct bond);
    TRY(store_bond_load(c, c->me == NULL ? 0 : c->me->id, *ids, *n, bonds));
    for (int64_t i = 0; i < *n; i++)
        if (!bonds[i].blocks && !bonds[i].blocked_by && !bonds[i].mutes)
            (*ids)[kept++] = (*ids)[i];
    *n = kept;
    return OK;
}
