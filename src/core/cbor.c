/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cbor.h"

/* Head of an item: three bits of kind, and a number in the other five or in the 1, 2, 4 or 8 bytes behind. */
static bool take_head(struct str *rest, struct cbor *out)
{
    if (rest->n == 0)
        return false;
    unsigned first = (unsigned char)rest->p[0];
    unsigned low = first & 31;
    size_t more = low < 24 ? 0 : (size_t)1 << (low - 24);
    if (first >> 5 == 6 || low > 27 || rest->n < 1 + more)
        return false;
    out->kind = (enum cbor_kind)(first >> 5);
    out->n = low < 24 ? low : 0;
    for (size_t i = 0; i < more; i++)
        out->n = out->n << 8 | (unsigned char)rest->p[1 + i];
    *rest = str_skip(*rest, 1 + more);
    return true;
}

/* How many items of its own are behind the head; false when the bytes cannot hold them. */
static bool take_body(struct str *rest, const struct cbor *head, uint64_t *items)
{
    *items = 0;
    if (head->kind == CBOR_BYTES || head->kind == CBOR_TEXT) {
        if (head->n > rest->n)
            return false;
        *rest = str_skip(*rest, head->n);
    } else if (head->kind == CBOR_ARRAY || head->kind == CBOR_MAP) {
        if (head->n > rest->n) /* each is a byte at least */
            return false;
        *items = head->kind == CBOR_MAP ? 2 * head->n : head->n;
    }
    return true;
}

bool cbor_take(struct str *rest, struct cbor *out)
{
    struct str at = *rest;
    struct str body = { 0 };
    uint64_t left = 1;
    for (bool first = true; left > 0; first = false) {
        struct cbor item = { 0 };
        uint64_t items = 0;
        if (!take_head(&at, &item))
            return false;
        if (first) {
            *out = item;
            body = at;
        }
        if (!take_body(&at, &item, &items))
            return false;
        left += items - 1;
        if (left > at.n)
            return false;
    }
    out->body = str_head(body, body.n - at.n);
    out->all = str_head(*rest, rest->n - at.n);
    *rest = at;
    return true;
}

bool cbor_int(const struct cbor *item, int64_t *out)
{
    if ((item->kind != CBOR_UINT && item->kind != CBOR_NINT) || item->n > INT64_MAX)
        return false;
    *out = item->kind == CBOR_UINT ? (int64_t)item->n : -1 - (int64_t)item->n;
    return true;
}

static bool is_key(const struct cbor *item, struct str text, int64_t number)
{
    int64_t n = 0;
    if (text.p != NULL)
        return item->kind == CBOR_TEXT && str_eq(item->body, text);
    return cbor_int(item, &n) && n == number;
}

static bool find(const struct cbor *map, struct str text, int64_t number, struct cbor *out)
{
    struct str rest = map->body;
    struct cbor key = { 0 };
    if (map->kind != CBOR_MAP)
        return false;
    while (cbor_take(&rest, &key) && cbor_take(&rest, out))
        if (is_key(&key, text, number))
            return true;
    return false;
}

bool cbor_map_text(const struct cbor *map, struct str key, struct cbor *out)
{
    return find(map, key, 0, out);
}

bool cbor_map_int(const struct cbor *map, int64_t key, struct cbor *out)
{
    return find(map, (struct str){ 0 }, key, out);
}
