/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lang.h"

#include <unicode/uloc.h>

#define TAG_MAX 64

static bool in_list(const char *const *list, struct str s)
{
    for (; *list != NULL; list++)
        if (str_eq_nocase(str_c(*list), s))
            return true;
    return false;
}

static bool all_letters(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] | 0x20) < 'a' || (s.p[i] | 0x20) > 'z')
            return false;
    return s.n > 0;
}

bool lang_is_valid(struct str code)
{
    struct str part = { NULL, 0 };
    struct str rest = code;
    if (code.n < 2 || code.n > 11 || !str_cut(&rest, '-', &part) || part.n > 3)
        return false;
    for (size_t i = 0; i < part.n; i++)
        if (part.p[i] < 'a' || part.p[i] > 'z')
            return false;
    if (!in_list(uloc_getISOLanguages(), part))
        return false;
    if (!str_cut(&rest, '-', &part))
        return true;
    if (part.n == 4 && all_letters(part) && !str_cut(&rest, '-', &part))
        return true;
    return rest.p == NULL && in_list(uloc_getISOCountries(), part);
}

static struct str without_last_part(struct str tag)
{
    while (tag.n > 0 && tag.p[tag.n - 1] != '-')
        tag.n--;
    return str_head(tag, tag.n == 0 ? 0 : tag.n - 1);
}

struct str lang_canonical(struct arena *a, struct str code)
{
    char tag[TAG_MAX];
    UErrorCode ec = U_ZERO_ERROR;
    if (code.n < 2 || code.n >= TAG_MAX)
        return (struct str){ NULL, 0 };
    int32_t n = uloc_toLanguageTag(arena_cstr(a, code), tag, TAG_MAX, false, &ec);
    if (U_FAILURE(ec) || n >= TAG_MAX)
        return (struct str){ NULL, 0 };
    struct str s = arena_str(a, (struct str){ tag, (size_t)n });
    if (str_starts(s, STR("und"))) /* "undetermined" is what ICU makes of nonsense */
        return (struct str){ NULL, 0 };
    while (s.n > 0 && !lang_is_valid(s))
        s = without_last_part(s);
    return s.n > 0 ? s : (struct str){ NULL, 0 };
}
