/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/locks.h"
#include "feed/feed.h"
#include "feed/lru.h"

/* Whole pages for strangers, as they are sent, each with what it shows. Every change that is told has a number; every
   parley and account belongs to one of a few thousand stripes that hold the number of their last change. A page is good
   while nothing that it shows changed after its rendering began: what is told while a page is made is newer than it. A
   shared stripe only makes a page be rendered once more. */
#define SHOWN_STRIPES 16384

struct shown_pages {
    struct rwlock lock;
    bool keeps;
    struct lru pages; /* by the hash of the key */
    uint64_t tick;    /* of the last change */
    uint64_t stripes[SHOWN_STRIPES];
    uint64_t lists; /* of the last change that may put a parley into a list or take it out */
    uint64_t all;   /* of the last one that any page may show: a standing, a profile, an edit */
};

void shown_init(struct shown_pages *s, bool keeps); /* false: every put is dropped */
void shown_fini(struct shown_pages *s);
void shown_budget(struct shown_pages *s, size_t bytes);
uint64_t shown_tick(struct shown_pages *s);
/* Told after everything else of the feed knows. */
void shown_status_moved(struct shown_pages *s, const struct status *st); /* added or removed */
void shown_subject_changed(struct shown_pages *s, int64_t id);           /* numbers of a parley or account */
void shown_all_changed(struct shown_pages *s); /* may stand on any page now, or not any more */
bool shown_find(struct ctx *c, struct str key, struct str known, struct feed_page *out);
void shown_put(struct shown_pages *s, const struct feed_shown *what, const struct feed_page *p);
