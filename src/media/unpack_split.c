/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "media/unpack.h"

void splitter_init(struct splitter *s)
{
    *s = (struct splitter){ .item = malloc(UNPACK_ITEM_MAX) };
    if (s->item == NULL)
        abort();
}

void splitter_fini(struct splitter *s)
{
    free(s->item);
    s->item = NULL;
}

static void keep(struct splitter *s, char ch)
{
    if (s->item_n < UNPACK_ITEM_MAX)
        s->item[s->item_n++] = ch;
    else
        s->too_long = true;
}

/* Strings at depth 1 are told from each other, to know the one list that is meant. */
static void read_string(struct splitter *s, char ch)
{
    if (s->escaped) {
        s->escaped = false;
    } else if (ch == '\\') {
        s->escaped = true;
    } else if (ch == '"') {
        s->in_string = false;
        if (s->depth == 1)
            s->keyed = s->key_n == 12 && memcmp(s->key, "orderedItems", 12) == 0;
        return;
    }
    if (s->depth == 1 && s->key_n < sizeof s->key)
        s->key[s->key_n++] = ch;
}

static void open_bracket(struct splitter *s, char ch)
{
    if (!s->found && ch == '[' && (s->depth == 0 || (s->depth == 1 && s->keyed))) {
        s->found = true;
        s->list_depth = s->depth + 1;
    }
    if (s->found && ch == '{' && s->depth == s->list_depth) {
        s->item_n = 0;
        s->too_long = false;
    }
    s->depth++;
    s->too_deep = s->too_deep || s->depth > UNPACK_DEPTH_MAX;
}

/* True: an item is whole. */
static bool close_bracket(struct splitter *s, char ch)
{
    s->depth -= s->depth > 0;
    if (s->found && s->depth < s->list_depth)
        s->over = true;
    if (!s->found || s->over || ch != '}' || s->depth != s->list_depth)
        return false;
    s->dropped += s->too_long;
    return !s->too_long;
}

bool splitter_feed(struct splitter *s, const char *p, size_t n, splitter_fn *each, void *arg)
{
    for (size_t i = 0; i < n && !s->over && !s->too_deep; i++) {
        char ch = p[i];
        bool whole = false;
        bool is_open = !s->in_string && (ch == '{' || ch == '[');
        if (s->in_string) {
            read_string(s, ch);
        } else if (ch == '"') {
            s->in_string = true;
            s->key_n = 0;
        } else if (is_open) {
            open_bracket(s, ch);
        }
        if (s->found && s->depth > s->list_depth)
            keep(s, ch);
        if (!s->in_string && (ch == '}' || ch == ']'))
            whole = close_bracket(s, ch);
        if (whole && !each(arg, s->item, s->item_n))
            return false;
    }
    return true;
}
