/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "feed/authors.h"
#include "feed/feed.h"
#include "feed/lru.h"
#include "model/list.h"

/* What the feed knows of whoever reads: whom they follow, what they do not want to see, what they marked. Loaded whole,
   a part at a time, dropped whole when the part changes; least recently used out first. Guarded by the lock of the
   feed's graph. */
enum reader_part { READER_FOLLOWS = 1, READER_HIDES = 2, READER_MARKS = 4 };

enum follow_how { FOLLOW_REBLOGS = 1, FOLLOW_LANGS = 2, FOLLOW_SELF = 4, FOLLOW_EXCLUSIVE = 8 };

#define LANG_BYTES ((LANGS_MAX + 8) / 8)

struct follow_langs {
    uint32_t who;
    uint8_t set[LANG_BYTES];
};

/* A part of the reader's listed[], in rising order. */
struct reader_list {
    int64_t id;
    enum list_replies replies;
    uint32_t from;
    uint32_t n;
};

struct hide {
    uint32_t who;
    uint32_t bits;    /* enum feed_hides */
    int64_t until_ms; /* of a mute; 0: for good */
};

/* Ids in rising order, each with a value where the kind has one (NULL: 1); below `from` it is not complete. */
struct idset {
    int64_t *ids;
    uint32_t *values;
    uint32_t n;
    int64_t from;
};

enum marks_kind {
    MARKS_FAVOURITES,
    MARKS_REBLOGS,
    MARKS_BOOKMARKS,
    MARKS_PINS,
    MARKS_THREADS,
    MARKS_VOTES,
    MARKS_KINDS
};

struct reader {
    struct lru_node node; /* key: the account's id */
    uint32_t self;
    unsigned parts; /* enum reader_part: what is known */
    uint32_t *who;  /* whom they follow and themselves, in rising order */
    uint8_t *how;   /* enum follow_how */
    uint32_t n;
    struct follow_langs *langs; /* of those with FOLLOW_LANGS, in rising order of who */
    uint32_t langs_n;
    struct reader_list *lists; /* in rising order of id */
    uint32_t lists_n;
    uint32_t tags_n;  /* that they follow */
    uint32_t *listed; /* members of all lists */
    uint32_t listed_n;
    struct hide *hides; /* in rising order of who, one each */
    uint32_t hides_n;
    struct idset marks[MARKS_KINDS];
    _Atomic int64_t home_floor; /* below the newest page of home, as last asked for; 0: not known */
};

void readers_init(struct lru *readers);
struct reader *reader_find(const struct lru *readers, int64_t id); /* NULL: not here */
/* The reader, made empty when not here. */
struct reader *reader_made(struct lru *readers, struct authors *a, int64_t id);
void reader_forget(struct lru *readers, int64_t id, unsigned parts);

/* These sort what they are given and copy it; parts |= what it was. */
struct follow_in {
    uint32_t who;
    bool reblogs;
    bool has_langs;
    uint8_t langs[LANG_BYTES];
};
void reader_set_follows(struct lru *readers, struct reader *r, struct follow_in *in, size_t n);
/* After reader_set_follows. A row a member, the rows of a list together in rising order of lists; who 0: an empty list.
 */
struct list_in {
    int64_t id;
    enum list_replies replies;
    bool exclusive;
    uint32_t who;
};
void reader_set_lists(struct lru *readers, struct reader *r, const struct list_in *in, size_t n);
void reader_set_hides(struct lru *readers, struct reader *r, struct hide *in, size_t n);
void reader_set_marks(struct lru *readers, struct reader *r, const struct idset sets[MARKS_KINDS]); /* ids rising */

/* READER_FOLLOWS and READER_HIDES must be known where they are asked for. */
bool reader_follows(const struct reader *r, uint32_t who);
uint32_t reader_place(const struct reader *r, uint32_t who);                    /* in r->who; r->n: not followed */
const struct reader_list *reader_list_find(const struct reader *r, int64_t id); /* NULL: there is none */
bool reader_listed(const struct reader *r, const struct reader_list *l, uint32_t who);
unsigned reader_hides(const struct reader *r, uint32_t who, int64_t now_ms); /* enum feed_hides; 0: shown */
uint32_t idset_value(const struct idset *s, int64_t id);                     /* 0: not in it */
