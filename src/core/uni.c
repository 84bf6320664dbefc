/* SPDX-License-Identifier: Apache-2.0 */
#include "core/uni.h"

#include <assert.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

#include "base/buf.h"

#define EMOJI_UNITS_MAX 64

/* ICU works on UTF-16 with int32_t lengths. */
struct wide {
    UChar *p;
    int32_t n;
};

static bool is_ascii(struct str s)
{
    unsigned char any = 0;
    for (size_t i = 0; i < s.n; i++)
        any |= (unsigned char)s.p[i];
    return any < 0x80;
}

static bool in_category(uint32_t cp, uint32_t mask)
{
    return (U_MASK(u_charType((UChar32)cp)) & mask) != 0;
}

bool uni_is_letter(uint32_t cp)
{
    if (cp < 0x80)
        return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
    return in_category(cp, U_GC_L_MASK);
}

bool uni_is_mark(uint32_t cp)
{
    return cp >= 0x80 && in_category(cp, U_GC_M_MASK);
}

bool uni_is_word(uint32_t cp)
{
    if (cp < 0x80)
        return uni_is_letter(cp) || (cp >= '0' && cp <= '9') || cp == '_';
    return in_category(cp, U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK);
}

bool uni_is_format(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && in_category(cp, U_GC_C_MASK));
}

bool uni_is_space(uint32_t cp)
{
    if (cp < 0x80)
        return cp == ' ' || (cp >= '\t' && cp <= '\r');
    return cp == 0x85 || in_category(cp, U_GC_Z_MASK);
}

bool uni_is_dash(uint32_t cp)
{
    return in_category(cp, U_GC_PD_MASK | U_GC_PC_MASK);
}

bool uni_is_ideogram(uint32_t cp)
{
    static const UScriptCode scripts[] = {
        USCRIPT_HAN,  USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_BOPOMOFO,
        USCRIPT_THAI, USCRIPT_LAO,      USCRIPT_KHMER,    USCRIPT_MYANMAR,
    };
    if (cp < 0x0E00)
        return false;
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
        if (uscript_hasScript((UChar32)cp, scripts[i]))
            return true;
    return false;
}

bool uni_is_unspaced(uint32_t cp)
{
    return uni_is_ideogram(cp) || (cp >= 0x1100 && uscript_hasScript((UChar32)cp, USCRIPT_HANGUL));
}

bool uni_is_blank(struct str s)
{
    enum { BRAILLE_BLANK = 0x2800 };
    uint32_t cp = 0;
    for (size_t i = 0; i < s.n;) {
        size_t step = str_utf8(s, i, &cp);
        bool unseen = uni_is_space(cp) || cp == BRAILLE_BLANK || cp < 0x20 || (cp >= 0x7F && cp < 0xA0)
                      || u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
        if (step == 0 || !unseen)
            return false;
        i += step;
    }
    return true;
}

/* Failures that are left are those of memory and of ICU's own data: both end the process, as elsewhere. */
static struct wide widen(struct arena *a, struct str s)
{
    s = str_head(s, UNI_BYTES_MAX);
    UErrorCode ec = U_ZERO_ERROR;
    struct wide w = { .p = ARENA_ARRAY(a, s.n + 1, UChar) };
    (void)u_strFromUTF8WithSub(w.p, (int32_t)s.n + 1, &w.n, s.n == 0 ? "" : s.p, (int32_t)s.n, 0xFFFD, NULL, &ec);
    assert(U_SUCCESS(ec));
    return w;
}

bool uni_is_emoji(struct str s)
{
    UErrorCode ec = U_ZERO_ERROR;
    UChar wide[EMOJI_UNITS_MAX];
    int32_t n = 0;
    if (s.n == 0 || s.n > EMOJI_UNITS_MAX)
        return false;
    (void)u_strFromUTF8(wide, EMOJI_UNITS_MAX, &n, s.p, (int32_t)s.n, &ec);
    return U_SUCCESS(ec) && u_stringHasBinaryProperty(wide, n, UCHAR_RGI_EMOJI);
}

static struct str narrow(struct arena *a, struct wide w)
{
    UErrorCode ec = U_ZERO_ERROR;
    int32_t n = 0;
    int32_t cap = w.n * 3 + 1;
    char *p = arena_alloc(a, (size_t)cap);
    (void)u_strToUTF8WithSub(p, cap, &n, w.p, w.n, 0xFFFD, NULL, &ec);
    assert(U_SUCCESS(ec));
    return (struct str){ p, (size_t)n };
}

static struct wide normalise(struct arena *a, const UNormalizer2 *how, struct wide w)
{
    struct wide out = { 0 };
    int32_t cap = w.n + 32;
    for (int round = 0; round < 2; round++) {
        UErrorCode ec = U_ZERO_ERROR;
        out.p = ARENA_ARRAY(a, (size_t)cap, UChar);
        out.n = unorm2_normalize(how, w.p, w.n, out.p, cap, &ec);
        if (ec != U_BUFFER_OVERFLOW_ERROR) {
            assert(U_SUCCESS(ec));
            return out;
        }
        cap = out.n + 1;
    }
    assert(false);
    return out;
}

static struct wide fold_wide(struct arena *a, struct wide w)
{
    UErrorCode ec = U_ZERO_ERROR;
    const UNormalizer2 *nfkc_cf = unorm2_getNFKCCasefoldInstance(&ec);
    assert(U_SUCCESS(ec));
    return normalise(a, nfkc_cf, w);
}

static struct wide without_diacritics(struct arena *a, struct wide w)
{
    UErrorCode ec = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&ec);
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&ec);
    assert(U_SUCCESS(ec));
    w = normalise(a, nfd, w);
    int32_t kept = 0;
    for (int32_t i = 0; i < w.n; i++)
        if (w.p[i] < 0x0300 || w.p[i] > 0x036F)
            w.p[kept++] = w.p[i];
    w.n = kept;
    return normalise(a, nfc, w);
}

static struct str ascii_lower(struct arena *a, struct str s)
{
    s = str_head(s, UNI_BYTES_MAX);
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] - 'A' + 'a') : s.p[i];
    return (struct str){ p, s.n };
}

struct str uni_fold(struct arena *a, struct str s)
{
    return is_ascii(s) ? ascii_lower(a, s) : narrow(a, fold_wide(a, widen(a, s)));
}

struct str uni_plain(struct arena *a, struct str s)
{
    return is_ascii(s) ? ascii_lower(a, s) : narrow(a, without_diacritics(a, fold_wide(a, widen(a, s))));
}

/* CR LF is the one cluster of two ASCII characters. */
static size_t ascii_graphemes(struct str s)
{
    size_t n = s.n;
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] == '\n' && s.p[i - 1] == '\r')
            n--;
    return n;
}

/* 1, and 1 more for each code point beyond those that any script or emoji needs: marks can be heaped without end. */
static size_t cluster_weight(struct str s, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n <= UNI_CLUSTER_MAX ? 1 : 1 + n - UNI_CLUSTER_MAX;
}

struct str uni_bounds(struct arena *a, struct str s)
{
    struct buf b = buf_on(a);
    bool in_word = false;
    s = str_head(s, UNI_BYTES_MAX);
    for (int32_t i = 0, n = (int32_t)s.n; i < n;) {
        UChar32 cp = 0;
        int32_t from = i;
        U8_NEXT_OR_FFFD((const uint8_t *)s.p, i, n, cp);
        bool is_word = uni_is_word((uint32_t)cp);
        if (is_word != in_word)
            buf_putc(&b, UNI_BOUND);
        if (cp != UNI_BOUND)
            buf_put(&b, (struct str){ s.p + from, (size_t)(i - from) });
        in_word = is_word;
    }
    if (in_word)
        buf_putc(&b, UNI_BOUND);
    return buf_str(&b);
}

size_t uni_graphemes(struct str s)
{
    s = str_head(s, UNI_BYTES_MAX);
    if (is_ascii(s))
        return ascii_graphemes(s);
    UErrorCode ec = U_ZERO_ERROR;
    UText text = UTEXT_INITIALIZER;
    (void)utext_openUTF8(&text, s.p, (int64_t)s.n, &ec);
    UBreakIterator *it = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &ec);
    assert(U_SUCCESS(ec));
    ubrk_setUText(it, &text, &ec);
    assert(U_SUCCESS(ec));
    size_t n = 0;
    int32_t from = 0;
    for (int32_t to = ubrk_next(it); to != UBRK_DONE; to = ubrk_next(it)) {
        n += cluster_weight(s, (size_t)from, (size_t)to);
        from = to;
    }
    ubrk_close(it);
    (void)utext_close(&text);
    return n;
}

struct str uni_skeleton(struct arena *a, struct str s)
{
    UErrorCode ec = U_ZERO_ERROR;
    struct wide w = widen(a, s);
    USpoofChecker *checker = uspoof_open(&ec);
    assert(U_SUCCESS(ec));
    struct wide out = { 0 };
    int32_t cap = w.n * 2 + 32;
    for (int round = 0; round < 2; round++) {
        ec = U_ZERO_ERROR;
        out.p = ARENA_ARRAY(a, (size_t)cap, UChar);
        out.n = uspoof_getSkeleton(checker, 0, w.p, w.n, out.p, cap, &ec);
        if (ec != U_BUFFER_OVERFLOW_ERROR)
            break;
        cap = out.n + 1;
    }
    assert(U_SUCCESS(ec));
    uspoof_close(checker);
    return narrow(a, out);
}
