/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "feed/feed.h"
#include "feed/graph.h"
#include "feed/people.h"
#include "feed/rendered.h"
#include "feed/shown.h"
#include "feed/sieve.h"
#include "feed/trends.h"
#include "store/feed.h"

/* What the files of this room share. */
struct feed {
    struct feed_options options; /* snapshot_path is a copy of its own */
    struct graph graph;
    struct rendered_store rendered;
    struct people people;
    struct sieves sieves;
    struct shown_pages shown;
    struct trends *trends;
    int64_t hits;   /* pages answered from memory; atomic */
    int64_t misses; /* by the store; atomic */
    int64_t load_us;
    struct lock saving;
};

struct told told_of(const struct status *s);
struct told told_of_row(const struct feed_row *r);

/* Divides the budget: tails first, what they leave goes to rendered replies. */
void feed_divide(struct feed *f);
/* Loads what a reader's parts need. False in *here: they change so fast that the store must answer. ERR_COLD. */
enum err reading_want(struct ctx *c, int64_t reader_id, unsigned parts, bool *here) NODISCARD;
/* Reads the standing of author `who`. */
enum err reading_standing(struct ctx *c, uint32_t who) NODISCARD;
/* Older entries of the authors for whom the reader's page is short: of a list, or (0) of home. *more: there is
   something new to look at. */
enum err reading_deeper(struct ctx *c, int64_t reader_id, int64_t list_id, int64_t lowest, bool *more) NODISCARD;

/* *loaded false: there is no snapshot, or none that is whole and of this store. The graph is empty and locked for
 * writing. */
enum err snapshot_read(struct ctx *c, struct feed *f, bool *loaded, int64_t *covers_id) NODISCARD;
enum err snapshot_write(struct ctx *c, struct feed *f) NODISCARD;
