/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The newest parleys of the local timeline: public, of this server, no echoes, no replies but to oneself, of a standing
   that is shown. Oldest first. Guarded by the lock of the feed's graph. */
struct ring {
    int64_t *ids;
    uint32_t *authors;
    size_t n;
    size_t keep;  /* at least so many stay when it is cut; it holds up to twice as many */
    int64_t from; /* every such parley with an id >= this is here */
};

void ring_init(struct ring *r, size_t keep);
void ring_fini(struct ring *r);
size_t ring_below(const struct ring *r, int64_t id);        /* how many ids are below `id` */
void ring_add(struct ring *r, int64_t id, uint32_t author); /* once or again */
void ring_remove(struct ring *r, int64_t id);
void ring_forget(struct ring *r, uint32_t author);
size_t ring_bytes(const struct ring *r);
