/* SPDX-License-Identifier: Apache-2.0 */
#include "core/visible.h"

#include <stdio.h>

#include "core/domain_mute.h"
#include "store/account.h"
#include "store/status.h"

struct str visibility_word(enum visibility v)
{
    switch (v) {
    case VIS_PUBLIC: return STR("public");
    case VIS_UNLISTED: return STR("unlisted");
    case VIS_PRIVATE: return STR("private");
    case VIS_DIRECT: return STR("direct");
    }
    return STR("direct");
}

int visibility_parse(struct str word)
{
    for (int i = VIS_PUBLIC; i <= VIS_DIRECT; i++)
        if (str_eq(word, visibility_word((enum visibility)i)))
            return i;
    return -1;
}

static bool is_moderator(const struct account *reader)
{
    return reader != NULL && reader->role >= ROLE_MODERATOR;
}

/* The account is there for others at all. */
static bool is_present(const struct account *reader, const struct account *a)
{
    if (!a->active || a->deletion_ms != 0)
        return false;
    return a->standing.kind != STANDING_SUSPENDED || is_moderator(reader);
}

/* Who blocks somebody may still look at them, to unblock. */
bool account_visible(const struct account *reader, const struct account *a, const struct bond *b)
{
    if (reader != NULL && reader->id == a->id)
        return true;
    return is_moderator(reader) || (is_present(reader, a) && !b->blocked_by);
}

static bool is_mentioned(const struct account *reader, const struct status *s)
{
    char needle[48];
    struct str json = s->mentions;
    size_t at = 0;
    int n = snprintf(needle, sizeof needle, "\"id\":\"%lld\"", (long long)reader->id);
    return json.n > 2 && str_find(json, (struct str){ needle, (size_t)n }, &at);
}

static bool is_addressed(const struct account *reader, const struct status *s, const struct bond *b)
{
    switch (s->visibility) {
    case VIS_PUBLIC:
    case VIS_UNLISTED: return true;
    case VIS_PRIVATE: return reader != NULL && (b->follows || is_mentioned(reader, s));
    case VIS_DIRECT: return reader != NULL && is_mentioned(reader, s);
    }
    return false;
}

bool status_visible(const struct account *reader, const struct status *s, const struct account *author,
                    const struct bond *b)
{
    enum standing_kind standing = s->standing.kind;
    bool is_own = reader != NULL && reader->id == s->account_id;
    if (standing == STANDING_REMOVED && !is_moderator(reader))
        return false;
    if (is_own)
        return true;
    if (standing == STANDING_HELD && !is_moderator(reader))
        return false;
    return is_present(reader, author) && !b->blocks && !b->blocked_by && is_addressed(reader, s, b);
}

bool status_listed(const struct status *s, const struct account *author)
{
    return s->visibility == VIS_PUBLIC && s->standing.kind < STANDING_LIMITED && author->active
           && author->deletion_ms == 0
           && (author->standing.kind < STANDING_LIMITED || author->standing.kind == STANDING_FROZEN);
}

/* The statuses of a list and what they echo, with authors and bonds, each loaded in one go. */
struct hearing_of {
    int64_t n; /* of the list; the arrays hold twice as many: echoed ones behind */
    struct status **s;
    struct account **authors;
    struct bond *bonds;
};

static enum err load_echoed(struct ctx *c, struct hearing_of *h)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)h->n + 1, int64_t);
    int64_t *places = ARENA_ARRAY(c->arena, (size_t)h->n + 1, int64_t);
    struct status **rows = ARENA_ARRAY(c->arena, (size_t)h->n + 1, struct status *);
    int64_t m = 0;
    for (int64_t i = 0; i < h->n; i++) {
        if (h->s[i] == NULL || h->s[i]->reblog_of_id == 0)
            continue;
        ids[m] = h->s[i]->reblog_of_id;
        places[m++] = i;
    }
    TRY(store_status_load(c, ids, m, rows));
    for (int64_t i = 0; i < m; i++)
        h->s[h->n + places[i]] = rows[i];
    return OK;
}

static enum err load_people(struct ctx *c, struct hearing_of *h)
{
    size_t all = (size_t)h->n * 2;
    int64_t *ids = ARENA_ARRAY(c->arena, all + 1, int64_t);
    int64_t *places = ARENA_ARRAY(c->arena, all + 1, int64_t);
    struct account **people = ARENA_ARRAY(c->arena, all + 1, struct account *);
    struct bond *bonds = ARENA_ARRAY(c->arena, all + 1, struct bond);
    int64_t m = 0;
    for (size_t i = 0; i < all; i++) {
        if (h->s[i] == NULL)
            continue;
        ids[m] = h->s[i]->account_id;
        places[m++] = (int64_t)i;
    }
    TRY(store_account_load(c, ids, m, people));
    TRY(store_bond_load(c, c->me == NULL ? 0 : c->me->id, ids, m, bonds));
    TRY(domain_mute_mark(c, people, m, bonds));
    for (int64_t i = 0; i < m; i++) {
        h->authors[places[i]] = people[i];
        h->bonds[places[i]] = bonds[i];
    }
    return OK;
}

static bool passes(struct ctx *c, const struct hearing_of *h, int64_t i, enum visible_list list)
{
    const struct status *s = h->s[i];
    if (s == NULL || h->authors[i] == NULL || !status_visible(c->me, s, h->authors[i], &h->bonds[i]))
        return false;
    bool is_own = c->me != NULL && c->me->id == s->account_id;
    if (list == VISIBLE_PUBLIC && !status_listed(s, h->authors[i]))
        return false;
    return list == VISIBLE_ASKED || is_own || !h->bonds[i].mutes;
}

enum err statuses_filter(struct ctx *c, struct status **s, int64_t n, enum visible_list list, struct account ***authors)
{
    size_t all = (size_t)n * 2 + 1;
    struct hearing_of h = {
        .n = n,
        .s = ARENA_ARRAY(c->arena, all, struct status *),
        .authors = ARENA_ARRAY(c->arena, all, struct account *),
        .bonds = ARENA_ARRAY(c->arena, all, struct bond),
    };
    for (int64_t i = 0; i < n; i++)
        h.s[i] = s[i];
    TRY(load_echoed(c, &h));
    TRY(load_people(c, &h));
    for (int64_t i = 0; i < n; i++) {
        bool shown = passes(c, &h, i, list) && (s[i]->reblog_of_id == 0 || passes(c, &h, n + i, list));
        if (!shown)
            s[i] = NULL;
    }
    if (authors != NULL)
        *authors = h.authors;
    return OK;
}

enum err statuses_see(struct ctx *c, const int64_t *ids, int64_t n, struct status **out)
{
    TRY(store_status_load(c, ids, n, out));
    return statuses_filter(c, out, n, VISIBLE_ASKED, NULL);
}

enum err status_see(struct ctx *c, int64_t id, struct status **out, struct account **author)
{
    struct account **authors = NULL;
    TRY(store_status_get(c, id, out));
    TRY(statuses_filter(c, out, 1, VISIBLE_ASKED, &authors));
    if (author != NULL)
        *author = authors[0];
    return *out != NULL ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

static enum err see_accounts(struct ctx *c, int64_t *ids, int64_t n, struct account **people)
{
    struct bond *bonds = ARENA_ARRAY(c->arena, (size_t)n + 1, struct bond);
    TRY(store_account_load(c, ids, n, people));
    TRY(store_bond_load(c, c->me == NULL ? 0 : c->me->id, ids, n, bonds));
    for (int64_t i = 0; i < n; i++)
        if (people[i] == NULL || !account_visible(c->me, people[i], &bonds[i]))
            ids[i] = 0;
    return OK;
}

enum err accounts_filter(struct ctx *c, int64_t *ids, int64_t n)
{
    return see_accounts(c, ids, n, ARENA_ARRAY(c->arena, (size_t)n + 1, struct account *));
}

enum err account_see(struct ctx *c, int64_t id, struct account **out)
{
    TRY(see_accounts(c, &id, 1, out));
    return id != 0 ? OK : fail(c, ERR_NOT_FOUND, "Record not found");
}

enum err member_may_write(struct ctx *c)
{
    if (c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    enum standing_kind standing = c->me->standing.kind;
    if (standing == STANDING_FROZEN)
        return fail(c, ERR_FORBIDDEN, "Your account is frozen while it is looked into: you can read, but not write");
    if (!c->me->active || c->me->deletion_ms != 0 || standing == STANDING_SUSPENDED)
        return fail(c, ERR_FORBIDDEN, "This action is not allowed");
    return OK;
}
