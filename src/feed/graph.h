/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/locks.h"
#include "feed/authors.h"
#include "feed/readers.h"
#include "feed/ring.h"

/* Who wrote what and who reads whom: authors with their tails, readers, the local timeline, under one lock. A merge
   holds it shared for a few microseconds, a change holds it exclusively for less than one.

   Told twice or in another order, changes give the same: adding is once or again, the latest standing wins, and what
   was removed lately is not added any more. */
#define GRAPH_GENERATIONS 4096
#define GRAPH_RECENT      4096

enum graph_stage {
    GRAPH_EMPTY,   /* knows nothing, is told nothing: the store answers */
    GRAPH_FILLING, /* is told, but does not know all yet: the store answers timelines */
    GRAPH_READY,
};

/* A parley as it is told. */
struct told {
    int64_t id;
    int64_t account_id;
    int64_t other_id; /* whom it replies to or echoes; 0: nobody */
    int64_t since_ms; /* of its standing */
    uint8_t flags;    /* enum entry_flags */
    struct str lang;
    struct str mentions; /* of a direct one: JSON [{"id":"1"...}] */
};

/* What happens while a snapshot is read or written, to be done again at the end. */
enum note_kind { AGAIN_REMOVED, AGAIN_FLAGS };
struct note {
    enum note_kind kind;
    int64_t account_id;
    int64_t id;
    uint8_t flags;
};

struct notes {
    struct note *all;
    size_t n;
    size_t cap;
    int users; /* who wants them taken: loading, saving */
};

struct graph {
    struct rwlock lock;
    enum graph_stage stage;
    struct authors authors;
    struct lru readers;
    struct ring ring;
    uint64_t generations[GRAPH_GENERATIONS]; /* of accounts: as readers, and of their standing */
    struct notes notes;
    int64_t removed[GRAPH_RECENT]; /* id at its hash */
    struct judged {
        int64_t id;
        int64_t since_ms;
    } judged[GRAPH_RECENT];
};

void graph_init(struct graph *g, size_t tail_max, size_t ring_keep);
void graph_fini(struct graph *g);

/* The caller holds the lock exclusively for all of these, shared for graph_generation. */
void graph_add(struct graph *g, const struct told *t);
void graph_changed(struct graph *g, const struct told *t); /* its standing */
void graph_removed(struct graph *g, int64_t account_id, int64_t id);
struct entry graph_entry(struct graph *g, const struct told *t);
/* Whom a direct parley addresses. */
void graph_add_directs(struct graph *g, const struct told *t);
uint64_t *graph_generation(struct graph *g, int64_t account_id);
void graph_account_changed(struct graph *g, int64_t account_id);
void graph_account_removed(struct graph *g, int64_t account_id);
void graph_set_standing(struct graph *g, int64_t account_id, bool is_hidden, bool is_limited);
/* Fills the local timeline from the tails. */
void graph_make_ring(struct graph *g);
void graph_take_notes(struct graph *g);
void graph_end_notes(struct graph *g);
void graph_apply_notes(struct graph *g, size_t from);
