/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/locks.h"
#include "model/trend.h"

/* What many do at once: how many people used a tag, posted a link, liked or echoed a parley, followed an account, each
   counted once a day and thing, in heat that halves every few hours. In memory of a fixed size whatever is counted: a
   set of TREND_WAYS places takes each thing, and where it is full the coldest goes. A count looks at one set (some
   hundred ns, under a lock of its own) and writes nothing to any store; what is warm is saved every minute
   (store/trend.h) and read again at a start.

   People of a day are exact up to TREND_EXACT, then estimated within some 5 % from 256 bytes: HyperLogLog registers
   (Flajolet et al. 2007), counted as they change (Ting 2014, "Streamed approximate counting of distinct elements").

   Runs on: any. */
#define TREND_SETS      512
#define TREND_WAYS      16   /* so 8,192 things of each kind */
#define TREND_EXACT     64   /* people of a day that are told apart for sure */
#define TREND_SAVED_MAX 500  /* things of a kind that outlive a restart */
#define TREND_NAME_MAX  2048 /* bytes of an address; longer ones do not trend */
#define TREND_SHOWN_MS  1000 /* how long a list that was judged is shown */

struct trends;
struct trends *trends_new(void);
void trends_free(struct trends **t);

/* A use by `person`. Tags and links go by name, others by id (name.p == NULL). `status_id`: the parley that holds it;
   0: none. */
struct trend_use {
    enum trend_kind kind;
    int64_t id;
    struct str name;
    int64_t person;
    int64_t status_id;
    int64_t at_ms;
};
void trends_count(struct trends *t, const struct trend_use *u);
/* The use is taken back, if its parley is among the newest TREND_LINK_PARLEYS of the thing: nobody takes back what was
   not counted. With its last use the thing goes. */
void trends_uncount(struct trends *t, const struct trend_use *u);
void trends_drop(struct trends *t, enum trend_kind kind, int64_t id, struct str name);

/* The hottest, at most TREND_LIST_MAX, with enough people. Onto `a`. */
void trends_top(struct trends *t, enum trend_kind kind, int64_t now_ms, struct arena *a, struct trend **out,
                int64_t *n);
bool trends_find(struct trends *t, enum trend_kind kind, int64_t id, struct str name, int64_t now_ms, struct arena *a,
                 struct trend *out);

/* The list that everybody is shown: made by core/trend.c out of trends_top, kept for TREND_SHOWN_MS. False: it is old;
 *as_of is for the put, which is refused when trends_judged was called in between. */
bool trends_shown(struct trends *t, enum trend_kind kind, int64_t now_ms, struct arena *a, struct trend **out,
                  int64_t *n, uint64_t *as_of);
void trends_show(struct trends *t, enum trend_kind kind, int64_t now_ms, uint64_t as_of, const struct trend *rows,
                 int64_t n);
void trends_judged(struct trends *t); /* what may be shown changed */

/* JSON of what is warm; and back, into places that are free. What cannot be read is left out. */
struct str trends_write(struct trends *t, enum trend_kind kind, int64_t now_ms, struct arena *a);
void trends_read(struct trends *t, enum trend_kind kind, struct str json);
/* Things in memory, for metrics. */
int64_t trends_things(struct trends *t, enum trend_kind kind);
