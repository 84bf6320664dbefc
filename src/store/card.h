/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* The table derived.card: what is known of an address. */
struct card_row {
    int64_t id; /* core/card.h: card_id */
    struct str url;
    struct str json; /* "": nothing to show */
    int64_t fetched_ms;
    struct str picture; /* name of its file: the hash; "": none */
};
/* Inside a transaction on the derived store. */
enum err store_card_put(struct ctx *c, const struct card_row *row) NODISCARD;
/* out has room for n; keeps the order of ids; NULL where there is none. One statement. */
enum err store_card_load(struct ctx *c, const int64_t *ids, int64_t n, struct card_row **out) NODISCARD;
/* A card has this picture. All shards. */
enum err store_card_picture_used(struct ctx *c, struct str hash, bool *used) NODISCARD;
