/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* Words of full-text search, the same for both engines: what is indexed and what is asked go through one folding, so
   that SQLite FTS5 and PostgreSQL's 'simple' configuration find alike.

   A word is a run of letters, marks and digits, folded (NFKC, case) and without diacritics U+0300..036F. Scripts that
   set no spaces (Han, Kana, Thai, Lao, Khmer, Burmese) are indexed a character a word, and a run of them in a query is
   a phrase of such words: exact substring search, with no dictionary. Index SQLite with tokenize = "unicode61
   remove_diacritics 0 categories 'L* N* M* Co'".

   In a query: words all have to be there; "a phrase" (also in “typographic” or „low“ quotes) as it stands; -word or -"a
   phrase" must not be. All other signs only part words ("state-of-the-art" is a phrase of four). Any bytes are
   accepted. Any thread. */
#define SEARCH_QUERY_MAX 1024 /* bytes of the query that are read */
#define SEARCH_TERMS_MAX 16   /* words and phrases; what comes later is left out */
#define SEARCH_WORDS_MAX 64   /* words within all of them */
#define SEARCH_WORD_MAX  128  /* bytes; a longer word is cut, in index and query alike (PostgreSQL refuses 2 kB) */

/* Text for the index: its words, parted by single spaces. */
struct str search_index_text(struct arena *a, struct str text);
int64_t search_length(struct str words); /* how many are in it */
/* {NULL, 0} when there is nothing to look for: no word, or only words that must not be there. */
struct str search_fts5_query(struct arena *a, struct str query); /* bind to MATCH */
struct str search_tsquery(struct arena *a, struct str query);    /* bind to to_tsquery('simple', $n) */

/* For a query of nothing but what must not be there: that, to be taken from something else. {NULL, 0}: nothing. */
struct str search_fts5_excluded(struct arena *a, struct str query);    /* any of it */
struct str search_tsquery_excluded(struct arena *a, struct str query); /* none of it */

/* One word or phrase as it was written. */
struct search_term {
    struct str whole; /* minus and quotes, too */
    struct str text;
    bool is_excluded;
    bool is_quoted;
};
/* Takes one off *rest (n > 0): up to the next blank or quote, or to the closing quote; an open phrase goes to the end.
   `text` may be empty. */
void search_cut_term(struct str *rest, struct search_term *out);

/* Names are looked for by the beginnings of their words: all of them have to be there. What is a phrase or excluded
   above is plain words here. {NULL, 0} when there is no word. */
struct str search_fts5_prefix(struct arena *a, struct str query);
struct str search_tsquery_prefix(struct arena *a, struct str query);
