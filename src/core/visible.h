/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "model/status.h"
#include "store/bond.h"

/* THE judge: who may see what. Every read path goes through it; what is hidden is answered like what is not there
   (ERR_NOT_FOUND "Record not found"). Any thread.

   A parley is seen by its author and, unless something below forbids it, by
   - anybody, when it is public or unlisted;
   - followers and the mentioned, when it is for followers;
   - the mentioned, when it is direct.
   Hidden from others: everything of an account that is not active, is suspended or asked to be deleted (moderators see
   what the suspended said in public); everything between two members of whom one blocks the other; held parleys (author
   and moderators see them) and removed ones (moderators see them). Moderators never see what was not addressed to them:
   standing is theirs to judge, letters are not. The limited are seen by whoever asks for them, but are not listed
   (status_listed). */
bool account_visible(const struct account *reader, const struct account *a,
                     const struct bond *b); /* reader NULL: nobody */
bool status_visible(const struct account *reader, const struct status *s, const struct account *author,
                    const struct bond *b);
/* Stands in lists that strangers find: local and tag timelines, search, trends, feeds for readers of news. */
bool status_listed(const struct status *s, const struct account *author);

struct str visibility_word(enum visibility v); /* "public", "unlisted", "private", "direct" */
int visibility_parse(struct str word);         /* -1: none of them */

/* What a list wants beyond visibility. */
enum visible_list {
    VISIBLE_ASKED,  /* asked for by id, or the reader's own list: all that may be seen */
    VISIBLE_PAGE,   /* an author's page, a thread: not what others wrote whom the reader mutes */
    VISIBLE_PUBLIC, /* only what is listed, and not from the muted */
};
/* For c->me: sets to NULL what must not be shown, keeps the order; NULL entries stay. An echo needs both its author and
   what it echoes to be visible. A handful of statements however long the list. `*authors` (may be NULL): the author of
   each. */
enum err statuses_filter(struct ctx *c, struct status **s, int64_t n, enum visible_list list,
                         struct account ***authors) NODISCARD;
/* By id, for whoever asks: in order, NULL where there is nothing to see. out has room for n. */
enum err statuses_see(struct ctx *c, const int64_t *ids, int64_t n, struct status **out) NODISCARD;
/* One, or ERR_NOT_FOUND. `author` may be NULL. */
enum err status_see(struct ctx *c, int64_t id, struct status **out, struct account **author) NODISCARD;
/* The same verdict without the store, for what the feed holds rendered; also on a loop thread (c->db == NULL).
   ERR_COLD: not known there. In core/visible_hot.c. */
enum err status_see_rendered(struct ctx *c, int64_t id) NODISCARD;
enum err account_see_rendered(struct ctx *c, int64_t id) NODISCARD;
/* What the verdict is made from, for lists that ask for more than that: of the row, what status_visible reads. */
enum err status_case_rendered(struct ctx *c, int64_t id, struct status *s, struct account **author,
                              struct bond *b) NODISCARD;
/* Sets to 0 the accounts that c->me may not see. */
enum err accounts_filter(struct ctx *c, int64_t *ids, int64_t n) NODISCARD;
enum err account_see(struct ctx *c, int64_t id, struct account **out) NODISCARD; /* ERR_NOT_FOUND */

/* c->me may publish and react: signed in, active, neither frozen nor suspended nor leaving. ERR_UNAUTHENTICATED,
 * ERR_FORBIDDEN */
enum err member_may_write(struct ctx *c) NODISCARD;
