/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Reads CBOR (RFC 8949) as authenticators write it: definite lengths, no tags. Nothing is copied or allocated, so that
   a length that is not there costs nothing; whatever goes on to a library was walked here first. */
enum cbor_kind {
    CBOR_UINT = 0,
    CBOR_NINT = 1,
    CBOR_BYTES = 2,
    CBOR_TEXT = 3,
    CBOR_ARRAY = 4,
    CBOR_MAP = 5,
    CBOR_SIMPLE = 7
};

struct cbor {
    enum cbor_kind kind;
    uint64_t n;      /* the number (CBOR_NINT: it is -1 - n), or how many bytes, items or pairs follow */
    struct str body; /* bytes and text themselves; what an array or a map holds */
    struct str all;  /* the item with its head */
};
/* Takes one item, with all it holds, off the front. False: it is not whole, or not of this kind of CBOR. */
bool cbor_take(struct str *rest, struct cbor *out);
/* The value of a key in a map: a text or a small whole number, negative ones too. False: it is not there. */
bool cbor_map_text(const struct cbor *map, struct str key, struct cbor *out);
bool cbor_map_int(const struct cbor *map, int64_t key, struct cbor *out);
/* False: no whole number, or one that int64_t does not hold. */
bool cbor_int(const struct cbor *item, int64_t *out);
