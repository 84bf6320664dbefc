/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lang_names.h"

#include <string.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#define NAME_UNITS 64 /* UTF-16 units of a name */
#define CODES_MAX  300

static struct str name_of(struct arena *a, const char *code)
{
    UChar wide[NAME_UNITS] = { 0 };
    char text[NAME_UNITS * 3 + 1] = { 0 };
    int32_t n = 0;
    UErrorCode e = U_ZERO_ERROR;
    int32_t wide_n = uloc_getDisplayLanguage(code, code, wide, NAME_UNITS, &e);
    (void)u_strToUTF8(text, (int32_t)sizeof text, &n, wide, wide_n, &e);
    return U_FAILURE(e) ? arena_str(a, str_c(code)) : arena_str(a, (struct str){ text, (size_t)n });
}

size_t lang_names(struct arena *a, struct lang_name **out)
{
    size_t n = 0;
    *out = ARENA_ARRAY(a, CODES_MAX, struct lang_name);
    for (const char *const *code = uloc_getISOLanguages(); *code != NULL && n < CODES_MAX; code++)
        if (strlen(*code) == 2)
            (*out)[n++] = (struct lang_name){ .code = str_c(*code), .name = name_of(a, *code) };
    return n;
}
