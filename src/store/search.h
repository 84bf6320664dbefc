/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* The search index, derived tables: SQLite FTS5 (derived.fts_*), PostgreSQL tsvector (derived.search_*). What is put in
   and asked for was folded by core/words.h. Writes run inside a derived transaction (tx_begin_derived); reads, and
   reads of what has changed in the store, outside of one. Who may see what is found is judged by core. Any thread. */
#define SEARCH_CANDIDATES_MAX 200 /* ids of one answer */

/* What the index follows. Each change is told by a number that grows: ids for new parleys, milliseconds for the rest.
 */
enum search_source { SEARCH_STATUSES, SEARCH_EDITS, SEARCH_ACCOUNTS };

struct search_text {
    int64_t id;
    struct str words;
    bool is_open; /* an account: strangers may find what it writes in public */
    /* of a parley */
    int64_t author;
    struct str marks;
    bool is_public;
    int64_t length;   /* in words */
    struct str names; /* ids of the mentioned, each between commas */
};
/* What was there under the id is replaced. */
enum err store_search_put_status(struct ctx *c, const struct search_text *t) NODISCARD;
enum err store_search_put_account(struct ctx *c, const struct search_text *t) NODISCARD;
enum err store_search_put_tag(struct ctx *c, struct str name) NODISCARD; /* one use more */
enum err store_search_delete_status(struct ctx *c, int64_t id) NODISCARD;
enum err store_search_delete_account(struct ctx *c, int64_t id) NODISCARD;
/* Sets to 0 those of ids that are in the index. */
enum err store_search_drop_known(struct ctx *c, int64_t *ids, int64_t n) NODISCARD;

/* Those of ids that are in the store no more; `out` has room for n. */
enum err store_search_gone(struct ctx *c, enum search_source source, const int64_t *ids, int64_t n, int64_t *out,
                           int64_t *gone) NODISCARD;

/* One question in both engines' words. */
struct search_words {
    struct str fts5;
    struct str tsquery;
};
/* What is asked of parleys. FTS5 has it in one; tsqueries are of words (p == NULL: none asked) and of marks. */
struct search_match {
    struct str fts5;
    struct str words;
    struct str marks;
};
/* One that matches: what tells without its row whether somebody may find it. */
struct search_hit {
    int64_t id;
    int64_t author;
    bool is_open; /* public, of an author whom strangers may find */
    int64_t length;
    struct str names;
};
/* As they are met from where the page starts: newest first, or oldest first (min_id). At most p->limit, which is
   SEARCH_CANDIDATES_MAX at most; out has room. */
enum err store_search_statuses(struct ctx *c, const struct search_match *m, const struct page *p,
                               struct search_hit *out, int64_t *n) NODISCARD;
/* Accounts, at most limit: newest first, or, unless it is NULL, those of `among`, in no order. */
enum err store_search_accounts(struct ctx *c, const struct search_words *w, const int64_t *among, int64_t among_n,
                               int64_t limit, int64_t *out, int64_t *n) NODISCARD;
/* Names that begin with `prefix`, most used first, at most limit; out has room. */
enum err store_search_tags(struct ctx *c, struct str prefix, int64_t limit, struct str *out, int64_t *n) NODISCARD;

/* One change. */
struct search_change {
    int64_t at;
    int64_t id;
};
/* after < at <= until, by rising `at`, at most limit; allocates *out. *upto: nothing of after .. upto is missing in
 *out. All shards: for the background. */
enum err store_search_changes(struct ctx *c, enum search_source source, int64_t after, int64_t until, int64_t limit,
                              struct search_change **out, int64_t *n, int64_t *upto) NODISCARD;

/* How far a part of the index has come; -1 when it has not begun. */
enum err store_search_progress(struct ctx *c, struct str part, int64_t *at) NODISCARD;
/* ERR_AGAIN when it is not at `from` any more: somebody else went on. */
enum err store_search_advance(struct ctx *c, struct str part, int64_t from, int64_t to) NODISCARD;
enum err store_search_clear(struct ctx *c) NODISCARD; /* everything, progress too */
/* What many small writes left in pieces becomes fewer, larger ones, a bounded step at a time: each piece costs every
 * search. */
enum err store_search_tidy(struct ctx *c) NODISCARD;
