/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/status.h"

/* Link cards: what the page behind a parley's first link says of itself, with a picture. A link is fetched once, by a
   job, and shared by all parleys that have it; posted again after CARD_AGE_MS, or when its picture left the cache, it
   is fetched anew. */
#define CARD_AGE_MS        (INT64_C(14) * 24 * 3600 * 1000)
#define CARD_RETRY_MS      (INT64_C(3600) * 1000) /* of what gave nothing */
#define CARD_WAIT_MS       INT64_C(15000)         /* a parley is shown without a card that is still fetched */
#define CARD_SHOWN_MS      (INT64_C(3600) * 1000) /* then it is looked again whether the picture is there */
#define CARD_HTML_MAX      (512 * 1024)           /* bytes of a page that are read at most */
#define CARD_OEMBED_MAX    (64 * 1024)            /* of an oEmbed document */
#define CARD_PICTURE_MAX   (8 * 1024 * 1024)      /* of a picture as it is sent */
#define CARD_PICTURE_EDGE  32                     /* pixels: what is smaller only counts visitors */
#define CARD_URL_MAX       2000                   /* bytes of an address that a page names */
#define CARD_TITLE_MAX     200                    /* bytes */
#define CARD_TEXT_MAX      600                    /* bytes */
#define CARD_TIMEOUT_S     8                      /* of each of three requests: page, oEmbed, picture */
#define CARD_REDIRECTS_MAX 3

struct card_picture {
    struct str hash; /* of its file; n == 0: none, or not here any more */
    struct str blurhash;
    struct str description;
    int64_t width;
    int64_t height;
    bool left; /* there was one: it left the cache */
};

struct card {
    struct str url;
    struct str title; /* empty: there is nothing to show */
    struct str description;
    struct str provider;
    struct str provider_url;
    struct str author;
    struct str author_url;
    struct str language;
    int64_t published_ms; /* 0: not said */
    bool is_photo;        /* the link is a picture with little around it */
    struct card_picture picture;
};
int64_t card_id(struct str url); /* of its row */
/* The first link of a text; p == NULL: none. */
struct str card_link(struct arena *a, struct str text);
/* PreviewCard of the client API; p == NULL for a card without a title. */
struct str card_json(struct ctx *c, const struct card *card) NODISCARD;
/* From a row's text. Says of the picture whether its file is here: it may have left the cache. */
void card_read(struct ctx *c, struct str json, struct card *out);
/* Nothing is known of the address, it is old, or its picture left. */
enum err card_is_due(struct ctx *c, struct str url, bool *due) NODISCARD;
/* Inside the transaction that stores s: its link is fetched, if it is to be. Letters are nobody's business. */
enum err card_want(struct ctx *c, const struct status *s) NODISCARD;
/* What is shown of a text's link; without a title: nothing. */
enum err card_find(struct ctx *c, struct str text, struct card *out) NODISCARD;
/* Without a title: there is nothing to show. A picture that no card has any more goes. ERR_AGAIN: that of this card was
   removed meanwhile. */
enum err card_keep(struct ctx *c, struct str url, const struct card *card) NODISCARD;
/* The page at `host` names a member as its author, who lets pages of that site do so: then it is they. */
enum err card_credit(struct ctx *c, struct str host, struct str creator, struct card *card) NODISCARD;
