/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* What somebody looks for among parleys: words (core/words.h) and operators, `-` in front of one for its opposite:
     from:me  from:@anna            by them; several: by any of them
     before:2026-08-01  after:  during:   days in UTC; before and after leave the day itself out
     has:media|poll|link|quote|embed      embed: a link or a quote
     is:reply|sensitive
     language:en
     in:all|library|public          library: one's own, what names one, what one favourited, echoed or bookmarked;
                                    public: what strangers find, too
   Within quotes nothing is an operator, and what is no operator is words ("note: this"). Any bytes are accepted.
   Pure, any thread.

   The index keeps for each parley a few words of its own beside those of the text, its marks: that it is one, its
   author, its language, what it has and is. So all operators but dates and `in:` are answered by the index. */
#define SEARCH_FROM_MAX      8 /* from: and -from: in one query; likewise language: */
#define SEARCH_OPERATORS_MAX 32

enum search_facet {
    FACET_MEDIA = 1,
    FACET_POLL = 2,
    FACET_LINK = 4,
    FACET_QUOTE = 8,
    FACET_EMBED = 16,
    FACET_REPLY = 32,
    FACET_SENSITIVE = 64,
};
enum search_scope { SEARCH_IN_ALL, SEARCH_IN_LIBRARY, SEARCH_IN_PUBLIC };

struct search_from {
    struct str name; /* without '@'; "me" is n == 0 */
    bool is_excluded;
    int64_t id; /* set by whoever knows people; 0: nobody has that name */
};
struct search_language {
    struct str code; /* letters of the language alone: "pt" of "pt-BR" */
    bool is_excluded;
};
struct search_query {
    struct str words; /* what is left, as it was written */
    struct search_from from[SEARCH_FROM_MAX];
    size_t from_n;
    struct search_language languages[SEARCH_FROM_MAX];
    size_t languages_n;
    unsigned has, lacks; /* enum search_facet bits */
    int64_t since_ms;    /* not before; 0: whenever */
    int64_t until_ms;    /* before; 0: whenever */
    enum search_scope scope;
    bool has_operators;
};
/* False: *wrong says to a person what cannot be understood. */
bool search_query_parse(struct arena *a, struct str raw, struct search_query *out, struct str *wrong);

/* For the index: the marks of a parley. `language` may be p == NULL. */
struct str search_marks(struct arena *a, int64_t author, struct str language, unsigned facets);
/* What is asked of the marks, for each engine, as in core/words.h; never empty. */
struct str search_marks_fts5(struct arena *a, const struct search_query *q);
struct str search_marks_tsquery(struct arena *a, const struct search_query *q);
/* The query asks something of the marks: without, they need not be looked at when there are words. */
bool search_asks_marks(const struct search_query *q);
