/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/status_page.h"
#include "model/quote.h"
#include "model/status.h"
#include "model/status_draft.h"

/* Quotes, with the consent of who is quoted; and who may answer. A quote is accepted when it is made, or it is not
   made; the quoted author can take it back at any time. Nothing of a quoted parley is shown to who may not see it by
   itself. Any thread. */

/* What a reader is shown of a quote. */
enum quote_shown {
    SHOWN_ACCEPTED,
    SHOWN_REVOKED,
    SHOWN_DELETED,
    SHOWN_UNAUTHORIZED, /* they may not see it */
    SHOWN_BLOCKED,      /* they block its author: shown on a click */
    SHOWN_MUTED,        /* they mute its author: shown on a click */
};
/* For c->me, a handful of statements however many; q[i] NULL: none. */
enum err quotes_judge(struct ctx *c, const struct quote *const *q, int64_t n, enum quote_shown *out) NODISCARD;
bool quote_is_shown(enum quote_shown shown);

/* The policy that counts: what is not for everybody is quoted by nobody but its author. */
enum quote_policy quote_policy_of(enum visibility vis, enum quote_policy policy);
/* reader NULL: nobody. `follows`: the reader the author. */
bool quote_allowed(const struct account *reader, int64_t author_id, enum visibility vis, enum quote_policy policy,
                   bool follows);
struct str quote_policy_word(enum quote_policy p); /* "public", "followers", "nobody" */
struct str reply_policy_word(enum reply_policy p); /* "everyone", "followers", "followed", "mentioned", "nobody" */
int quote_policy_parse(struct str word);           /* -1: none of them */
int reply_policy_parse(struct str word);

/* For publishing: what s quotes, judged; may narrow whom s is for. */
enum err quote_compose(struct ctx *c, const struct status_draft *d, struct status *s, struct quote *out) NODISCARD;
/* Inside the transaction, after s was stored: the rows and the count. */
enum err quote_store(struct ctx *c, const struct status *s, struct quote *q) NODISCARD;
/* Inside the transaction: of a parley that goes away. *q: what it quoted; NULL: nothing. */
enum err quote_forget(struct ctx *c, const struct status *s, struct quote **q) NODISCARD;
/* c->me may answer this parley, and in its thread: ERR_FORBIDDEN with the reason. */
enum err reply_check(struct ctx *c, const struct status *parent) NODISCARD;

/* Takes back the quote of c->me's parley quoted_id (0: whichever it is) in the parley `id`. Gives that parley. */
enum err quote_revoke(struct ctx *c, int64_t quoted_id, int64_t id, struct status **out) NODISCARD;
/* -1: stays. The author's only. */
enum err status_set_policy(struct ctx *c, int64_t id, int quote, int reply, struct status **out) NODISCARD;
/* Parleys that quote it, as c->me may see them. */
enum err status_quotes(struct ctx *c, int64_t id, const struct page *p, struct status_page *out) NODISCARD;
