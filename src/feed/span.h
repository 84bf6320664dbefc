/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stddef.h>

/* An array that grows in place: addresses are reserved once, memory is taken as it is used, so growing copies nothing
   and pauses nobody. New elements are zero. Large ones ask for huge pages (one page walk for a merge over millions of
   authors). */
struct span {
    void *p;
    size_t element; /* bytes */
    size_t n_max;
    size_t open; /* bytes that may be used now */
};

void span_init(struct span *s, size_t element, size_t n_max);
void span_fini(struct span *s);
void span_need(struct span *s, size_t n); /* room for n elements; asserts n <= n_max, aborts without memory */

/* Zeroed memory of its own with huge pages where that pays; aborts without memory. */
void *span_map(size_t bytes);
void span_unmap(void *p, size_t bytes);
