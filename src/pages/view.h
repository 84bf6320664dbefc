/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/attachment.h"
#include "core/card.h"
#include "core/quote.h"
#include "model/account.h"
#include "model/filter.h"
#include "model/poll.h"
#include "model/status.h"

/* A parley with all that a page shows of it. */
struct view {
    const struct status *status;   /* what is shown; of an echo, the echoed one. NULL: leave it out */
    const struct account *author;  /* of status */
    const struct account *echoer;  /* NULL: no echo */
    const struct account *answers; /* whom status answers; NULL: nobody, or not known */
    const struct poll *poll;       /* NULL: none */
    struct attachments media;
    struct card card;            /* of its link; without a title: none */
    const struct quote *quote;   /* NULL: it quotes nothing */
    enum quote_shown shown;      /* of quote */
    const struct status *quoted; /* what is shown of it; NULL: nothing */
    const struct account *quoted_author;
    struct status_marks marks; /* of c->me */
    struct str filter;         /* title of the filter of c->me that covers it; empty: none */
    bool blurred;              /* a filter covers its pictures */
};
/* For rows that c->me may see (judged by whoever listed them): one statement a table, whatever n is. out has room for
   n; a NULL row gives an empty view. */
enum err view_load(struct ctx *c, struct status *const *rows, int64_t n, struct view *out) NODISCARD;
/* What c->me's filters have against them where they are shown: hidden ones are left out, others covered. */
enum err view_filter(struct ctx *c, enum filter_context where, struct view *rows, int64_t n) NODISCARD;
enum err view_load_ids(struct ctx *c, const int64_t *ids, int64_t n, struct view *out) NODISCARD; /* judges, too */
