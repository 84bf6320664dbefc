/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A view of bytes with a length: borrowed, never freed, not NUL-terminated. {NULL, 0} is the absent string; it equals
 * "". */
struct str {
    const char *p;
    size_t n;
};
#define STR(lit)   ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_among(const struct str *all, int64_t n, struct str s)
{
    for (int64_t i = 0; i < n; i++)
        if (str_eq(all[i], s))
            return true;
    return false;
}

static inline struct str str_c(const char *z)
{
    return (struct str){ z, z == NULL ? 0 : strlen(z) };
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}

/* s without its first n bytes; empty when it is shorter. */
static inline struct str str_skip(struct str s, size_t n)
{
    return n >= s.n ? (struct str){ s.p, 0 } : (struct str){ s.p + n, s.n - n };
}

static inline struct str str_head(struct str s, size_t n)
{
    return (struct str){ s.p, n < s.n ? n : s.n };
}

int str_cmp(struct str a, struct str b);                  /* byte order, like memcmp */
bool str_eq_nocase(struct str a, struct str b);           /* ASCII letters only */
struct str str_trim(struct str s);                        /* ASCII white space at both ends */
bool str_find(struct str s, struct str what, size_t *at); /* first occurrence */
/* Takes the part before the next `sep` off *rest; false when *rest is used up (p == NULL). "" gives one empty part. */
bool str_cut(struct str *rest, char sep, struct str *part);
/* Whole-string decimal, range of the type; false on anything else (sign only '-', no spaces). */
bool str_to_i64(struct str s, int64_t *out);
/* FNV-1a, 64 bits (draft-eastlake-fnv): for tables whose keys nobody picks to collide, or whose chains are bounded. */
uint64_t str_hash(struct str s);
bool str_is_utf8(struct str s); /* valid UTF-8 (RFC 3629) without NUL */
/* The code point at byte `at` (< s.n) into *cp; the length of its sequence, 1 to 4, or 0 where the bytes are
 * ill-formed. */
size_t str_utf8(struct str s, size_t at, uint32_t *cp);
