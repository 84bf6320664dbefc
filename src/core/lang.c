/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lang.h"

#include <unicode/uloc.h>

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
