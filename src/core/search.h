/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "base/ctx.h"
#include "core/tag.h"
#include "model/page.h"

/* Search of parleys, accounts and hashtags. The index gives candidates, core/visible.h says which of them c->me may
   see. Found are, of parleys: one's own, those that name one, that one marked, of whom one follows, and public ones of
   authors who are willing (indexable); never limited, held or removed ones, nor of authors whom one muted. Operators:
   core/search_query.h; they are about parleys alone. Of accounts: the willing (discoverable) and those one follows, by
   the beginnings of words of user and display name; anybody by the exact name. Addresses of this site are taken to what
   they name. Any thread with c->db.

   Parleys are ranked among the newest SEARCH_RANKED_MAX that may be found, then come newest first; with max_id,
   since_id or min_id (or newest_first) all come newest first. At most SEARCH_MET_MAX of those that match are looked at
   for one page: before: goes on from there. */
#define SEARCH_LIMIT_MAX  40
#define SEARCH_OFFSET_MAX 400
#define SEARCH_RANKED_MAX 40
#define SEARCH_MET_MAX    2000
/* Rank is age: a parley counts as younger when it is one's own or of whom one follows, and the more the larger a part
   of it the words are. */
#define SEARCH_RANK_KNOWN_MS (3 * DAY_MS)
#define SEARCH_RANK_DENSE_MS (1 * DAY_MS)

enum search_type { SEARCH_ALL, SEARCH_ACCOUNTS_ONLY, SEARCH_TAGS_ONLY, SEARCH_STATUSES_ONLY };

struct search_ask {
    struct str q;
    enum search_type type;
    bool resolve;       /* an exact name or address: whoever it names */
    bool following;     /* accounts: only whom c->me follows */
    bool newest_first;  /* parleys: not ranked */
    int64_t account_id; /* parleys: only by; 0: anybody's */
    struct page page;   /* max_id, min_id (parleys), limit, offset */
};
struct search_found {
    int64_t *accounts;
    int64_t accounts_n;
    int64_t *statuses;
    int64_t statuses_n;
    struct tag_info *tags;
    int64_t tags_n;
};
enum err search(struct ctx *c, const struct search_ask *ask, struct search_found *out) NODISCARD;

/* The part of it that finds parleys (core/search_found.c): `ask` was checked. */
struct search_query;
enum err search_find_statuses(struct ctx *c, const struct search_ask *ask, struct search_query *q,
                              struct search_found *out) NODISCARD;
