/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/locks.h"
#include "feed/lru.h"
#include "model/filter.h"

/* A reader's filters, made ready for judging: all their words are looked for in one pass over a parley's text. Made by
   core/filter.c from rows; kept here, least recently used out first. Immutable and reference-counted. Any thread. */
struct sieve;
struct feed;

/* looks[i]: what filters->keywords[i] looks for, in the spelling of rendered.match. Copies everything. */
struct sieve *sieve_new(int64_t reader_id, const struct filters *filters, const struct str *looks);
void sieve_release(struct sieve **s);
bool sieve_is_empty(const struct sieve *s);                         /* also NULL */
bool sieve_hides(const struct sieve *s, enum filter_context where); /* any of them may, there */
#define SIEVE CLEANUP(sieve_release) struct sieve *

/* What a filter has against a parley. */
struct sieve_match {
    const struct filter *filter;
    struct str *words; /* as they were typed */
    int64_t words_n;
    int64_t status_id; /* 0: not because of this parley itself */
};
struct sieve_verdict {
    struct sieve_match *matches; /* on the arena; the rest is the sieve's */
    int64_t n;
    unsigned hidden; /* enum filter_context bits in which it is not shown at all */
};
/* `match` is the text of the parley, or of what it echoes; echoed_id 0: it echoes nothing. A NULL sieve has nothing
   against anything. */
void sieve_judge(const struct sieve *s, struct arena *a, struct str match, int64_t status_id, int64_t echoed_id,
                 int64_t now_ms, struct sieve_verdict *out);

/* --- kept by the feed --- */
/* False: not here; the ticket is for the put, which is refused when they were changed in between. */
bool feed_sieve(struct feed *f, int64_t reader_id, struct sieve **out, uint64_t *ticket);
void feed_sieve_put(struct feed *f, struct sieve *s, uint64_t ticket); /* takes a reference of its own */
void feed_filters_changed(struct feed *f, int64_t reader_id);

#define SIEVE_GENERATIONS 1024
struct sieves {
    struct rwlock lock;
    bool keeps;
    struct lru all; /* by reader */
    uint64_t generations[SIEVE_GENERATIONS];
};
void sieves_init(struct sieves *s, size_t bytes); /* 0: keeps none */
void sieves_fini(struct sieves *s);
