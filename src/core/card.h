/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/status.h"

/* Link cards: what the page behind a parley's first link says of itself. A link is fetched once, by a job, and shared
   by all parleys that have it; posted again after CARD_AGE_MS it is fetched anew. What a page says is a stranger's
   text: cut to size, never HTML. */
#define CARD_AGE_MS        (INT64_C(14) * 24 * 3600 * 1000)
#define CARD_RETRY_MS      (INT64_C(3600) * 1000) /* of what gave nothing */
#define CARD_WAIT_MS       INT64_C(15000)         /* a parley is shown without a card that is still fetched */
#define CARD_HTML_MAX      (512 * 1024)           /* bytes of a page that are read at most */
#define CARD_TITLE_MAX     200                    /* bytes */
#define CARD_TEXT_MAX      600                    /* bytes */
#define CARD_TIMEOUT_S     8
#define CARD_REDIRECTS_MAX 3

struct card {
    struct str url;
    struct str title; /* empty: there is nothing to show */
    struct str description;
    struct str provider;
    struct str author;
    struct str language;
};
int64_t card_id(struct str url); /* of its row */
/* The first link of a text; p == NULL: none. */
struct str card_link(struct arena *a, struct str text);
/* Out of a page, whatever it holds; texts are valid UTF-8. */
void card_parse(struct arena *a, struct str url, struct str html, struct card *out);
/* PreviewCard of the client API; "" for a card without a title. */
struct str card_json(struct arena *a, const struct card *card) NODISCARD;
/* What a page shows of it. */
void card_read(struct arena *a, struct str json, struct card *out);
/* Nothing is known of the address, or it is old. */
enum err card_is_due(struct ctx *c, struct str url, bool *due) NODISCARD;
/* Inside the transaction that stores s: its link is fetched, if it is to be. Letters are nobody's business. */
enum err card_want(struct ctx *c, const struct status *s) NODISCARD;
/* What is shown of a text's link; *out NULL: nothing. */
struct card_row;
enum err card_find(struct ctx *c, struct str text, struct card_row **out) NODISCARD;
enum err card_keep(struct ctx *c, struct str url, struct str json) NODISCARD;
