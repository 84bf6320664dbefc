/* SPDX-License-Identifier: Apache-2.0 */
#include "core/search.h"

#include <stdlib.h>

#include "base/id.h"
#include "core/name.h"
#include "core/search_query.h"
#include "core/text.h"
#include "core/visible.h"
#include "core/words.h"
#include "feed/feed.h"
#include "model/site.h"
#include "store/account.h"
#include "store/follow.h"
#include "store/page.h"
#include "store/search.h"
#include "store/status.h"

/* What an address of this site names. */
struct place {
    struct str username; /* n == 0: the query is no such address */
    int64_t status_id;   /* 0: the profile */
};

static struct place read_place(const struct ctx *c, struct str q)
{
    struct place at = { 0 };
    if (!str_starts(q, c->site->base_url))
        return at;
    struct str rest = str_skip(q, c->site->base_url.n);
    if (!str_starts(rest, STR("/@")))
        return at;
    rest = str_skip(rest, 2);
    (void)str_cut(&rest, '/', &at.username);
    if (rest.n > 0 && !id_parse(rest, &at.status_id))
        at.username.n = 0;
    return at;
}

/* --- accounts --- */

/* "@anna", "anna@this.site" and "anna" are one name; of another site we know nobody (*name empty). */
static struct str local_name(const struct ctx *c, struct str q, bool *foreign)
{
    struct str name = { 0 };
    struct str rest = str_starts(q, STR("@")) ? str_skip(q, 1) : q;
    (void)str_cut(&rest, '@', &name);
    *foreign = rest.n > 0 && !str_eq_nocase(rest, c->site->domain);
    return name;
}

struct candidate {
    struct account *a;
    bool exact;
    bool followed;
};

/* Those who are meant first, then those one knows, then those many know. */
static int by_rank(const void *x, const void *y)
{
    const struct candidate *a = x;
    const struct candidate *b = y;
    if (a->exact != b->exact)
        return a->exact ? -1 : 1;
    if (a->followed != b->followed)
        return a->followed ? -1 : 1;
    if (a->a->followers_count != b->a->followers_count)
        return a->a->followers_count > b->a->followers_count ? -1 : 1;
    return a->a->id < b->a->id ? -1 : a->a->id > b->a->id;
}

/* Ids of all that may be meant: the exact name, whom c->me follows, everybody. */
static enum err account_ids(struct ctx *c, struct str name, bool following, int64_t *ids, int64_t *n, int64_t *exact)
{
    struct search_words w = { search_fts5_prefix(c->arena, name), search_tsquery_prefix(c->arena, name) };
    struct account *named = NULL;
    int64_t more = 0;
    *exact = 0;
    *n = 0;
    TRY(store_account_find_name(c, name_canonical(c->arena, name), &named));
    if (named != NULL)
        *exact = ids[(*n)++] = named->id;
    if (w.fts5.p == NULL)
        return OK;
    if (c->me != NULL) {
        int64_t *followed = ARENA_ARRAY(c->arena, (size_t)c->site->follows_max + 1, int64_t);
        int64_t followed_n = 0;
        TRY(store_follow_ends(c, c->me->id, c->site->follows_max, followed, &followed_n));
        TRY(store_search_accounts(c, &w, followed, followed_n, SEARCH_CANDIDATES_MAX, ids + *n, &more));
        *n += more;
    }
    if (following)
        return OK;
    TRY(store_search_accounts(c, &w, NULL, 0, SEARCH_CANDIDATES_MAX, ids + *n, &more));
    *n += more;
    return OK;
}

static bool is_shown(const struct ctx *c, const struct account *a, const struct bond *b, bool exact, bool resolve)
{
    bool is_me = c->me != NULL && c->me->id == a->id;
    if (!account_visible(c->me, a, b) || b->blocks)
        return false;
    if (is_me || b->follows || (exact && resolve))
        return true;
    if (!a->active || a->deletion_ms != 0 || a->standing.kind == STANDING_LIMITED
        || a->standing.kind == STANDING_SUSPENDED)
        return false;
    return exact || a->discoverable;
}

static bool is_repeated(const int64_t *ids, int64_t i)
{
    for (int64_t k = 0; k < i; k++)
        if (ids[k] == ids[i])
            return true;
    return false;
}

static enum err judge_accounts(struct ctx *c, const struct search_ask *ask, const int64_t *ids, int64_t n,
                               int64_t exact, struct candidate *kept, int64_t *kept_n)
{
    struct account **people = ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *);
    struct bond *bonds = ARENA_ARRAY(c->arena, (size_t)n + 1, struct bond);
    TRY(store_account_load(c, ids, n, people));
    TRY(store_bond_load(c, c->me == NULL ? 0 : c->me->id, ids, n, bonds));
    *kept_n = 0;
    for (int64_t i = 0; i < n; i++) {
        if (people[i] == NULL || is_repeated(ids, i) || (ask->following && !bonds[i].follows)
            || !is_shown(c, people[i], &bonds[i], ids[i] == exact, ask->resolve))
            continue;
        kept[(*kept_n)++] =
            (struct candidate){ .a = people[i], .exact = ids[i] == exact, .followed = bonds[i].follows };
    }
    return OK;
}

static enum err find_accounts(struct ctx *c, const struct search_ask *ask, struct str q, struct search_found *out)
{
    bool foreign = false;
    struct str name = local_name(c, q, &foreign);
    int64_t *ids = ARENA_ARRAY(c->arena, 2 * SEARCH_CANDIDATES_MAX + 1, int64_t);
    struct candidate *kept = ARENA_ARRAY(c->arena, 2 * SEARCH_CANDIDATES_MAX + 1, struct candidate);
    int64_t n = 0;
    int64_t kept_n = 0;
    int64_t exact = 0;
    out->accounts = ARENA_ARRAY(c->arena, (size_t)ask->page.limit + 1, int64_t);
    if (foreign || name.n == 0)
        return OK;
    TRY(account_ids(c, name, ask->following, ids, &n, &exact));
    TRY(judge_accounts(c, ask, ids, n, exact, kept, &kept_n));
    qsort(kept, (size_t)kept_n, sizeof *kept, by_rank);
    for (int64_t i = ask->page.offset; i < kept_n && out->accounts_n < ask->page.limit; i++)
        out->accounts[out->accounts_n++] = kept[i].a->id;
    return OK;
}

/* --- hashtags --- */

/* One whose parleys are all gone stays in the index; it is not shown. */
static enum err is_used(struct ctx *c, const struct tag_info *t, bool *used)
{
    struct page one = { .limit = 1 };
    struct page_row *rows = NULL;
    int64_t n = 0;
    *used = t->days[0].uses > 0;
    if (*used || t->id == 0)
        return OK;
    TRY(store_tag_statuses(c, t->id, &one, &rows, &n));
    *used = n > 0;
    return OK;
}

static enum err find_tags(struct ctx *c, const struct search_ask *ask, struct str q, struct search_found *out)
{
    struct str key = text_tag_key(c->arena, str_starts(q, STR("#")) ? str_skip(q, 1) : q);
    int64_t want = ask->page.offset + ask->page.limit;
    struct str *names = ARENA_ARRAY(c->arena, (size_t)want + 1, struct str);
    int64_t n = 0;
    out->tags = ARENA_ARRAY(c->arena, (size_t)ask->page.limit + 1, struct tag_info);
    if (key.n == 0)
        return OK;
    TRY(store_search_tags(c, key, want, names, &n));
    for (int64_t i = ask->page.offset; i < n; i++) {
        bool used = false;
        struct tag_info *t = &out->tags[out->tags_n];
        TRY(tag_find(c, names[i], t));
        TRY(is_used(c, t, &used));
        out->tags_n += used ? 1 : 0;
    }
    return OK;
}

/* --- together --- */

static enum err find_place(struct ctx *c, const struct search_ask *ask, const struct place *at,
                           struct search_found *out)
{
    struct account *named = NULL;
    struct status *s = NULL;
    TRY(store_account_find_name(c, name_canonical(c->arena, at->username), &named));
    if (named == NULL)
        return OK;
    if (at->status_id == 0 && (ask->type == SEARCH_ALL || ask->type == SEARCH_ACCOUNTS_ONLY)) {
        int64_t id = named->id;
        TRY(accounts_filter(c, &id, 1));
        if (id != 0)
            out->accounts[out->accounts_n++] = id;
        return OK;
    }
    if (at->status_id == 0 || (ask->type != SEARCH_ALL && ask->type != SEARCH_STATUSES_ONLY))
        return OK;
    TRY(store_status_find(c, at->status_id, &s));
    if (s == NULL || s->account_id != named->id)
        return OK;
    TRY(statuses_filter(c, &s, 1, VISIBLE_ASKED, NULL));
    if (s != NULL)
        out->statuses[out->statuses_n++] = s->id;
    return OK;
}

static enum err check(struct ctx *c, struct search_ask *a)
{
    if (c->me == NULL && a->resolve)
        return fail(c, ERR_UNAUTHENTICATED, "Search queries that resolve addresses need a signed-in member");
    if (a->page.limit < 1 || a->page.limit > SEARCH_LIMIT_MAX)
        a->page.limit = SEARCH_LIMIT_MAX;
    if (a->page.offset < 0 || a->page.offset > SEARCH_OFFSET_MAX)
        a->page.offset = SEARCH_OFFSET_MAX;
    return OK;
}

/* Of several wanted authors the one; with that one it is enough. */
static void only_by(struct search_query *q, int64_t account_id)
{
    size_t n = 0;
    bool wanted = false;
    bool named = false;
    for (size_t i = 0; i < q->from_n; i++) {
        wanted = wanted || !q->from[i].is_excluded;
        named = named || (!q->from[i].is_excluded && q->from[i].id == account_id);
        if (q->from[i].is_excluded && n < SEARCH_FROM_MAX - 1)
            q->from[n++] = q->from[i];
    }
    q->from[n++] = (struct search_from){ .id = !wanted || named ? account_id : 0 };
    q->from_n = n;
}

/* Whom from: names. Of another site we know nobody, and nobody is no error: it finds nothing. */
static enum err find_authors(struct ctx *c, const struct search_ask *ask, struct search_query *q)
{
    for (size_t i = 0; i < q->from_n; i++) {
        struct account *named = NULL;
        bool foreign = false;
        struct str name = local_name(c, q->from[i].name, &foreign);
        if (q->from[i].name.n == 0)
            q->from[i].id = c->me->id;
        else if (!foreign)
            TRY(store_account_find_name(c, name_canonical(c->arena, name), &named));
        if (named != NULL)
            q->from[i].id = named->id;
    }
    if (ask->account_id != 0)
        only_by(q, ask->account_id);
    return OK;
}

static enum err read_query(struct ctx *c, const struct search_ask *ask, struct str raw, struct search_query *q)
{
    struct str wrong = { 0 };
    bool asks_me = false;
    if (!search_query_parse(c->arena, raw, q, &wrong))
        return fail(c, ERR_INVALID, STR_FMT, STR_ARG(wrong));
    asks_me = q->scope == SEARCH_IN_LIBRARY;
    for (size_t i = 0; i < q->from_n; i++)
        asks_me = asks_me || q->from[i].name.n == 0;
    if (asks_me && c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "from:me and in:library need a signed-in member");
    return find_authors(c, ask, q);
}

enum err search(struct ctx *c, const struct search_ask *ask, struct search_found *out)
{
    struct search_ask a = *ask;
    struct search_query query = { 0 };
    struct str q = str_head(str_trim(ask->q), SEARCH_QUERY_MAX);
    bool wants_statuses = ask->type == SEARCH_ALL || ask->type == SEARCH_STATUSES_ONLY;
    struct place at = read_place(c, q);
    TRY(check(c, &a));
    *out = (struct search_found){
        .accounts = ARENA_ARRAY(c->arena, 1, int64_t),
        .statuses = ARENA_ARRAY(c->arena, 1, int64_t),
    };
    if (at.username.n > 0)
        return a.page.offset == 0 ? find_place(c, &a, &at, out) : OK;
    if (wants_statuses)
        TRY(read_query(c, &a, q, &query));
    if (!query.has_operators && (a.type == SEARCH_ALL || a.type == SEARCH_ACCOUNTS_ONLY))
        TRY(find_accounts(c, &a, q, out));
    if (!query.has_operators && (a.type == SEARCH_ALL || a.type == SEARCH_TAGS_ONLY))
        TRY(find_tags(c, &a, q, out));
    return wants_statuses ? search_find_statuses(c, &a, &query, out) : OK;
}
