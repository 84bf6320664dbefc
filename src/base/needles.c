/* SPDX-License-Identifier: Apache-2.0 */
#include "base/needles.h"

#include <stdint.h>
#include <stdlib.h>

/* A state: a prefix of some strings. Number 0 is the empty one. */
struct state {
    uint32_t child;   /* 0: none */
    uint32_t sibling; /* next child of the same parent; 0: none */
    uint32_t fail;    /* the longest other state that this one ends in */
    uint32_t ends;    /* the nearest such state, itself included, at which strings end; 0: none */
    uint32_t first;   /* 1 + a string that ends here; 0: none */
    unsigned char byte;
};

struct needles {
    struct state *states;
    uint32_t n;
    uint32_t *same; /* by string: 1 + another one that is alike; 0: none */
    uint32_t strings_n;
    uint32_t root[256]; /* children of the empty state */
};

static uint32_t child_of(const struct needles *n, uint32_t at, unsigned char byte)
{
    if (at == 0)
        return n->root[byte];
    for (uint32_t k = n->states[at].child; k != 0; k = n->states[k].sibling)
        if (n->states[k].byte == byte)
            return k;
    return 0;
}

static uint32_t child_made(struct needles *n, uint32_t at, unsigned char byte)
{
    uint32_t k = child_of(n, at, byte);
    if (k != 0)
        return k;
    k = n->n++;
    n->states[k] = (struct state){ .byte = byte };
    if (at == 0) {
        n->root[byte] = k;
    } else {
        n->states[k].sibling = n->states[at].child;
        n->states[at].child = k;
    }
    return k;
}

static void put_string(struct needles *n, uint32_t i, struct str s)
{
    uint32_t at = 0;
    for (size_t k = 0; k < s.n; k++)
        at = child_made(n, at, (unsigned char)s.p[k]);
    if (at == 0)
        return;
    n->same[i] = n->states[at].first;
    n->states[at].first = i + 1;
}

static uint32_t step(const struct needles *n, uint32_t at, unsigned char byte)
{
    for (;; at = n->states[at].fail) {
        uint32_t k = child_of(n, at, byte);
        if (k != 0 || at == 0)
            return k;
    }
}

static void link_state(struct needles *n, uint32_t at, uint32_t fail)
{
    n->states[at].fail = fail;
    n->states[at].ends = n->states[at].first != 0 ? at : n->states[fail].ends;
}

/* In order of length, so that what a state fails to is done before it. */
static void link_all(struct needles *n)
{
    uint32_t *queue = calloc(n->n, sizeof *queue);
    uint32_t to = 0;
    if (queue == NULL)
        abort();
    for (int b = 0; b < 256; b++)
        if (n->root[b] != 0) {
            link_state(n, n->root[b], 0);
            queue[to++] = n->root[b];
        }
    for (uint32_t from = 0; from < to; from++)
        for (uint32_t k = n->states[queue[from]].child; k != 0; k = n->states[k].sibling) {
            link_state(n, k, step(n, n->states[queue[from]].fail, n->states[k].byte));
            queue[to++] = k;
        }
    free(queue);
}

struct needles *needles_new(const struct str *all, uint32_t count)
{
    struct needles *n = calloc(1, sizeof *n);
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++)
        bytes += all[i].n;
    if (n == NULL || bytes >= UINT32_MAX - 1)
        abort();
    n->states = calloc(bytes + 1, sizeof *n->states);
    n->same = calloc((size_t)count + 1, sizeof *n->same);
    if (n->states == NULL || n->same == NULL)
        abort();
    n->n = 1;
    n->strings_n = count;
    for (uint32_t i = 0; i < count; i++)
        put_string(n, i, all[i]);
    link_all(n);
    return n;
}

void needles_free(struct needles **n)
{
    if (*n == NULL)
        return;
    free((*n)->states);
    free((*n)->same);
    free(*n);
    *n = NULL;
}

size_t needles_bytes(const struct needles *n)
{
    return sizeof *n + n->n * sizeof *n->states + n->strings_n * sizeof *n->same;
}

static void note(const struct needles *n, uint32_t at, bool *found)
{
    for (; at != 0; at = n->states[n->states[at].fail].ends)
        for (uint32_t i = n->states[at].first; i != 0; i = n->same[i - 1])
            found[i - 1] = true;
}

void needles_find(const struct needles *n, struct str text, bool *found)
{
    uint32_t at = 0;
    for (size_t i = 0; i < text.n; i++) {
        at = step(n, at, (unsigned char)text.p[i]);
        if (at != 0 && n->states[at].ends != 0)
            note(n, n->states[at].ends, found);
    }
}
