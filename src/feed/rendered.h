/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/locks.h"
#include "feed/feed.h"
#include "feed/lru.h"

/* Rendered statuses and accounts, numbers and all. What changes is dropped and rendered anew by whoever asks next: a
   number that was told as a difference could be counted twice, once in the row that was read and once when it is told.

   Every subject belongs to one of a few thousand generations; a change raises its generation, whether it is here or
   not, and a put is taken only under the generation at which its row was asked for. So what is here is never older than
   the last change that was told. A shared generation only makes puts fail that need not.

   A status also shows its author (address, standing): it is good only while the author's generation, raised by changes
   of the account but not of its numbers, is the one it was put under. */
#define GENERATIONS 4096

struct rendered_set {
    struct lru entries;
    uint64_t generations[GENERATIONS];
    bool shows_author;
};

struct rendered_store {
    struct rwlock lock;
    bool keeps;
    struct rendered_set statuses;
    struct rendered_set accounts;
    struct rendered_set selves; /* accounts as their members see them, by the same id */
    uint64_t authors[GENERATIONS];
    uint64_t authors_total; /* sum of the above */
    uint64_t version;       /* of the next put; begins at random */
    uint64_t emojis;        /* version of the custom emoji: others are not found and not taken */
    int64_t hits;           /* atomic */
    int64_t misses;         /* atomic */
};

void rendered_init(struct rendered_store *s, bool keeps); /* false: every put is dropped */
void rendered_fini(struct rendered_store *s);
void rendered_budget(struct rendered_store *s, size_t bytes);
void rendered_emojis(struct rendered_store *s, uint64_t version);
void rendered_find(struct rendered_store *s, struct rendered_set *set, int64_t id, const struct rendered **out,
                   uint64_t *ticket);
void rendered_put(struct rendered_store *s, struct rendered_set *set, const struct rendered *r, uint64_t ticket);
void rendered_changed(struct rendered_store *s, struct rendered_set *set, int64_t id);
void rendered_author_changed(struct rendered_store *s, int64_t account_id); /* the account too */
void rendered_release(const struct rendered **r);
/* The lock is held. */
const struct rendered *rendered_look(const struct rendered_store *s, const struct rendered_set *set, int64_t id);
