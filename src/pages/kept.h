/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* Pages for strangers out of the feed's memory: as they were rendered, until anything changes that they show (the pages
   say what that is with visit_shows). Only what everybody is told alike: no query, no cookie of a session, no form. */
bool kept_may(const struct visit *v, const struct page_route *rt);
/* From here on it is noted what the page shows. */
void kept_begin(struct visit *v);
/* The page is made: gives it an ETag, and true if it may be kept. */
bool kept_tag(struct visit *v);
/* Keeps it as it is sent, and leaves the body out for whoever has it. */
void kept_put(struct visit *v);
/* On a loop thread. False: not here. */
bool kept_find(struct visit *v);
