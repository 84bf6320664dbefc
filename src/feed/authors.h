/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/str.h"
#include "feed/pairs.h"
#include "feed/span.h"
#include "feed/tail.h"

/* Every account that the feed met, under a dense number, with its newest id and its tail. Numbers are never given back
   while the process runs. Guarded by the lock of the feed's graph: shared to look, exclusive to change.

   newest[] holds what a merge tests first: at least the newest id of the tail; 0 for an author who is hidden,
   AUTHOR_ASK for one whose standing must be read anew. newest >= from - 1 for every tail that lost entries, so whoever
   is skipped because of newest lacks nothing on the page. */
#define AUTHORS_MAX ((size_t)1 << 28)
#define LANGS_MAX   255 /* numbers 1 to 254; 255 stands for all that came later */
#define AUTHOR_ASK  INT64_MAX

enum author_state { AUTHOR_HIDDEN = 1, AUTHOR_LIMITED = 2, AUTHOR_UNSURE = 4 };

struct authors {
    struct span ids;     /* int64_t account id, by number; number 0 is nobody */
    struct span newest;  /* int64_t */
    struct span tail_of; /* uint32_t; 0: none */
    struct span states;  /* uint8_t, enum author_state */
    struct span tails;   /* struct tail; number 0 is none */
    uint32_t n;          /* numbers given out, 0 included */
    uint32_t tails_n;
    uint32_t *slots; /* id -> number, open addressing */
    size_t slots_n;
    size_t tail_max; /* entries of one author */
    int64_t from;    /* nothing older is known of an author without a tail */
    int64_t entries;
    int64_t tail_bytes; /* of all blocks */
    struct pairs directs;
    int64_t directs_from; /* whom older direct parleys address is not known */
    char langs[LANGS_MAX + 1][8];
    unsigned langs_n; /* 1 + those in use */
    void *borrowed;   /* a snapshot's memory */
    size_t borrowed_bytes;
};

void authors_init(struct authors *a, size_t tail_max);
void authors_fini(struct authors *a);
void authors_expect(struct authors *a, size_t n); /* sizes the table for n accounts */

uint32_t authors_find(const struct authors *a, int64_t id); /* 0: not met */
uint32_t authors_number(struct authors *a, int64_t id);     /* gives one when there is none; id 0 gives 0 */
uint8_t authors_lang(struct authors *a, struct str code);   /* likewise; absent gives 0 */

void authors_add(struct authors *a, uint32_t author, const struct entry *e);
bool authors_remove(struct authors *a, uint32_t author, int64_t id);
void authors_set_flags(struct authors *a, uint32_t author, int64_t id, uint8_t flags, uint8_t mask);
void authors_prepend(struct authors *a, uint32_t author, const struct entry *e, size_t n, int64_t from);
/* A tail whose block lies in a->borrowed. The author has none yet. */
void authors_borrow(struct authors *a, uint32_t author, const struct tail *t);
void authors_set_state(struct authors *a, uint32_t author, uint8_t state);
/* Of n authors beginning at number `at`: entries below `floor` go but for each one's newest `keep`. The number after.
 */
uint32_t authors_trim(struct authors *a, uint32_t at, uint32_t n, int64_t floor, size_t keep);
void authors_trim_directs(struct authors *a, int64_t floor);
void authors_forget(struct authors *a, uint32_t author); /* all entries; they are gone for good */
size_t authors_bytes(const struct authors *a);

static inline int64_t author_id(const struct authors *a, uint32_t i)
{
    return ((const int64_t *)a->ids.p)[i];
}

static inline const int64_t *authors_newest(const struct authors *a)
{
    return a->newest.p;
}

static inline uint8_t author_state(const struct authors *a, uint32_t i)
{
    return ((const uint8_t *)a->states.p)[i];
}

static inline struct tail *author_tail(const struct authors *a, uint32_t i) /* NULL: none */
{
    uint32_t t = ((const uint32_t *)a->tail_of.p)[i];
    return t == 0 ? NULL : &((struct tail *)a->tails.p)[t];
}

static inline int64_t author_from(const struct authors *a, uint32_t i)
{
    const struct tail *t = author_tail(a, i);
    return t == NULL ? a->from : t->from;
}
