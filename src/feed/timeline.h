/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "feed/authors.h"
#include "feed/readers.h"
#include "feed/ring.h"
#include "model/page.h"

/* Pages of home and of the local timeline out of memory. The caller holds the graph's lock, shared.

   Home is one pass over the followed authors (FEEDS.md measured it against five others): whoever's newest id is not
   above the page's floor is skipped, the others' tails are walked down to it, each entry tested. The floor rises as the
   page fills. The same function answers every page: max_id and min_id are found in the tails by binary search.

   Who sees what on home:
   - own parleys and echoes, all but removed ones;
   - of followed authors: public, unlisted and followers-only parleys; direct ones that address the reader;
   - replies only to somebody whom the reader follows, to the reader, or of an author to themselves;
   - echoes unless the follow hides them; languages as the follow says (an echo and a parley without one always pass);
   - nothing by, in reply to, or echoed from somebody blocked, blocking or muted;
   - nothing by members of the reader's exclusive lists.
   A list is the same pass over those of its members whom the reader follows (and the reader, if they are one), with
   fewer replies as model/list.h says. */
enum took {
    TOOK_ALL,  /* the page is what the store would say */
    TOOK_ASK,  /* the standing of author `who` is not known */
    TOOK_PART, /* what the page needs is older than the tails reach */
};

struct page_out {
    int64_t ids[FEED_PAGE_MAX];
    int64_t n;
    int64_t lowest; /* what the page needs to be known down to */
    uint32_t who;
};

enum took timeline_home(const struct authors *a, struct reader *r, const struct page *p, int64_t now_ms,
                        struct page_out *out);
enum took timeline_list(const struct authors *a, const struct reader *r, const struct reader_list *l,
                        const struct page *p, int64_t now_ms, struct page_out *out);
/* Authors that the page needs more of than their tails have; at most max. For these deeper tails are loaded. l == NULL:
   of home. */
size_t timeline_short(const struct authors *a, const struct reader *r, const struct reader_list *l, int64_t lowest,
                      uint32_t *who, size_t max);
/* r == NULL: nobody reads. */
enum took timeline_local(const struct authors *a, const struct ring *ring, const struct reader *r, const struct page *p,
                         bool only_media, int64_t now_ms, struct page_out *out);
