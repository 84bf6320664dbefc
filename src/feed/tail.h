/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The recent parleys of one author, oldest first, 14 bytes each in one block: ids, then authors replied to or echoed,
   then flags, then languages. Guarded by the lock of the feed's graph. */
enum entry_flags {
    ENTRY_VISIBILITY = 3, /* enum visibility */
    ENTRY_REPLY = 4,      /* `other` wrote what it replies to */
    ENTRY_ECHO = 8,       /* `other` wrote what it echoes */
    ENTRY_HELD = 16,      /* only its author sees it */
    ENTRY_REMOVED = 32,   /* nobody sees it */
    ENTRY_LISTED = 64,    /* stands in the local timeline */
    ENTRY_MEDIA = 128,    /* has attachments */
};

struct entry {
    int64_t id;
    uint32_t other; /* author index; 0: none */
    uint8_t flags;  /* enum entry_flags */
    uint8_t lang;   /* number of a language; 0: not said */
};

struct tail {
    int64_t *ids; /* the block */
    int64_t from; /* every parley of the author with an id >= this is here */
    uint16_t n;
    uint16_t cap;
    bool borrowed; /* the block is part of a snapshot's memory and not freed */
};

#define TAIL_CAP_MAX 4000

static inline size_t tail_block_bytes(size_t cap)
{
    return (cap * 14 + 7) / 8 * 8;
}

static inline uint32_t *tail_others(const struct tail *t)
{
    return (uint32_t *)(void *)(t->ids + t->cap);
}

static inline uint8_t *tail_flags(const struct tail *t)
{
    return (uint8_t *)(tail_others(t) + t->cap);
}

static inline uint8_t *tail_langs(const struct tail *t)
{
    return tail_flags(t) + t->cap;
}

/* How many ids are below `id`. */
size_t tail_below(const struct tail *t, int64_t id);
/* Bytes of memory that the change took (or gave back, negative). An entry below `from` or already there changes
   nothing. Above `max` entries the oldest quarter goes and `from` rises. */
int64_t tail_add(struct tail *t, const struct entry *e, size_t max);
/* Older entries than all there are, oldest first; from now on everything >= from is here. */
int64_t tail_prepend(struct tail *t, const struct entry *e, size_t n, int64_t from);
bool tail_remove(struct tail *t, int64_t id);
bool tail_set_flags(struct tail *t, int64_t id, uint8_t flags, uint8_t mask);
/* Entries below `floor` go, but the newest `keep` stay. The number that went. */
size_t tail_trim(struct tail *t, int64_t floor, size_t keep);
int64_t tail_fit(struct tail *t); /* gives back room that is mostly empty; bytes, negative */
void tail_free(struct tail *t);
