/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/str.h"

/* Memory of one unit of work: grows in chunks, never frees piecemeal, aborts when out of memory.
   Owned and used by one thread at a time. */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena **a);
/* Forgets everything and keeps the first chunk, so that a worker reuses one arena for every request. */
void arena_reset(struct arena *a);
void *arena_alloc(struct arena *a, size_t size) NODISCARD;     /* zeroed, aligned for any type */
void *arena_alloc_raw(struct arena *a, size_t size) NODISCARD; /* not zeroed: for bytes that are written at once */
void *arena_alloc_array(struct arena *a, size_t n, size_t size) NODISCARD; /* zeroed; aborts on overflow */
struct str arena_str(struct arena *a, struct str s) NODISCARD;             /* a copy, with a NUL behind it */
const char *arena_cstr(struct arena *a, struct str s) NODISCARD;           /* the same as a C string */
struct str arena_strf(struct arena *a, const char *fmt, ...) PRINTF(2, 3) NODISCARD;
struct str arena_vstrf(struct arena *a, const char *fmt, va_list ap) PRINTF(2, 0) NODISCARD;

#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_alloc_array((a), (n), sizeof(type)))
