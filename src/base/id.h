/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Ids are 63 bits, ordered by time: 42 bits milliseconds since 2020-01-01 UTC, 12 bits bucket, 9 bits random.
   The bucket is drawn with an account and carried by everything that the account owns. 0 is no id. */
#define ID_EPOCH_MS  INT64_C(1577836800000)
#define ID_BUCKETS   4096
#define ID_RAND_BITS 9
#define ID_TEXT_MAX  19 /* decimal digits */

static inline int64_t id_bucket(int64_t id)
{
    return (id >> ID_RAND_BITS) & (ID_BUCKETS - 1);
}

static inline int64_t id_ms(int64_t id)
{
    return (id >> (ID_RAND_BITS + 12)) + ID_EPOCH_MS;
}

/* The smallest id of a millisecond: a bound for pages and sweeps by time. 0 before the first id there can be, INT64_MAX
   after the last. */
int64_t id_floor(int64_t ms);
/* The first day of the ids has all that is older: 2006 to 2020 in steps of ID_OLD_STEP_MS, for what is placed at a date
   before there were ids. The smallest id of that moment, for pages and searches by date. */
#define ID_OLD_FROM_MS  INT64_C(1136073600000) /* 2006-01-01 */
#define ID_OLD_UNTIL_MS (ID_EPOCH_MS + INT64_C(86400000))
#define ID_OLD_STEP_MS  ((ID_OLD_UNTIL_MS - ID_OLD_FROM_MS) / INT64_C(86400000))
int64_t id_floor_dated(int64_t ms);
int64_t id_at(int64_t ms, int64_t bucket); /* the first of a bucket at a moment, for what comes with its date */
int64_t id_behind(int64_t id, int64_t by); /* of the same bucket, `by` (below 512) places later */
/* The bucket of a text that must be unique everywhere: BLAKE2b over its bytes. */
int64_t id_bucket_of(struct str value);

/* Process-wide clock of ids: never runs backwards, whatever the system clock does. Runs on: any thread. */
struct idgen;
struct idgen *idgen_new(void);
void idgen_free(struct idgen **g);
/* No id given out later is older than this one; called at start with the newest stored id. */
void idgen_raise(struct idgen *g, int64_t newest_id);
int64_t id_new(struct ctx *c, int64_t bucket);
int64_t id_new_bucket(struct ctx *c); /* for a new account */
/* The nth of several rows written in one go: of one millisecond they would have no order, and might be alike. */
static inline int64_t id_nth(int64_t first, int64_t n)
{
    return first + (n << (ID_RAND_BITS + 12));
}

static inline bool id_among(const int64_t *ids, int64_t n, int64_t id)
{
    for (int64_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}
int id_compare(const void *a, const void *b); /* two int64_t, for qsort and bsearch */

/* Decimal text of an id, and back; false for anything that is not a positive 63-bit decimal. */
struct str id_text(struct arena *a, int64_t id) NODISCARD;
bool id_parse(struct str s, int64_t *out);
