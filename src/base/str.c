/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

static char lower(char ch)
{
    return ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int d = n == 0 ? 0 : memcmp(a.p, b.p, n);
    if (d != 0)
        return d;
    return (a.n > b.n) - (a.n < b.n);
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

static bool is_space(char ch)
{
    return ch == ' ' || (ch >= '\t' && ch <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.n > 0 && is_space(s.p[0]))
        s = str_skip(s, 1);
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool str_find(struct str s, struct str what, size_t *at)
{
    if (what.n == 0) {
        *at = 0;
        return true;
    }
    if (s.n < what.n)
        return false;
    const char *hit = memmem(s.p, s.n, what.p, what.n);
    if (hit == NULL)
        return false;
    *at = (size_t)(hit - s.p);
    return true;
}

bool str_cut(struct str *rest, char sep, struct str *part)
{
    if (rest->p == NULL)
        return false;
    const char *hit = rest->n == 0 ? NULL : memchr(rest->p, sep, rest->n);
    if (hit == NULL) {
        *part = *rest;
        *rest = (struct str){ NULL, 0 };
        return true;
    }
    size_t n = (size_t)(hit - rest->p);
    *part = str_head(*rest, n);
    *rest = str_skip(*rest, n + 1);
    return true;
}

bool str_to_i64(struct str s, int64_t *out)
{
    bool neg = s.n > 0 && s.p[0] == '-';
    if (neg)
        s = str_skip(s, 1);
    if (s.n == 0)
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(v, 10U, &v) || __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
            return false;
    }
    if (v > (uint64_t)INT64_MAX + (neg ? 1U : 0U))
        return false;
    *out = neg ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

/* Length of the well-formed sequence at p (1..4), or 0: table 3-7 of the Unicode Standard. */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    size_t len = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (n < len)
        return 0;
    unsigned char lo = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char hi = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < lo || p[1] > hi)
        return 0;
    for (size_t i = 2; i < len; i++)
        if (p[i] < 0x80 || p[i] > 0xBF)
            return 0;
    return len;
}

uint64_t str_hash(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return h;
}

bool str_is_utf8(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t step = utf8_sequence((const unsigned char *)s.p + i, s.n - i);
        if (step == 0 || s.p[i] == '\0')
            return false;
        i += step;
    }
    return true;
}

size_t str_utf8(struct str s, size_t at, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t len = utf8_sequence(p, s.n - at);
    if (len < 2) {
        *cp = len == 1 ? p[0] : 0xFFFD;
        return len;
    }
    uint32_t v = p[0] & (0x7FU >> len);
    for (size_t i = 1; i < len; i++)
        v = v << 6 | (p[i] & 0x3FU);
    *cp = v;
    return len;
}
