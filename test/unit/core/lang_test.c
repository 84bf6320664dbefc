/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lang.h"

#include "check.h"

int main(void)
{
    static const char *const good[] = { "en",      "de",         "ja",      "yue",   "nan", "pt-BR", "zh-TW",
                                        "zh-Hant", "zh-Hant-TW", "sr-Latn", "en-gb", "eo",  "ckb",   "szl" };
    static const char *const bad[] = { "",      "e",      "EN",      "qq",         "english", "en-",
                                       "en-QQ", "en_GB",  "en-GB-x", "en-Latn-",   "12",      "e\xC3\xA9",
                                       "en GB", "xxx-YY", "-en",     "zh-Hant-TWX" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(lang_is_valid(str_c(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!lang_is_valid(str_c(bad[i])));
    CHECK(!lang_is_valid(STR("en\0")));
    CHECK(!lang_is_valid((struct str){ NULL, 0 }));
    static const char *const heard[][2] = {
        { "en", "en" },
        { "EN", "en" },
        { "en_US", "en-US" },
        { "en_GB.UTF-8", "en-GB" },
        { "es-419", "es" },
        { "pt-br", "pt-BR" },
        { "zh-hans-cn", "zh-Hans-CN" },
        { "ca-valencia", "ca" },
        { "iw", "he" },
        { "de-CH-1996", "de-CH" },
        { "en-US-u-hc-h12", "en-US" },
        { "sr-latn", "sr-Latn" },
    };
    static const char *const nothing[] = { "",   "e",   "english", "not a language", "qq", "-",
                                           "--", "und", "12",      "e\xC3\xA9",      "x-y" };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof heard / sizeof heard[0]; i++)
        CHECK(str_eq(lang_canonical(a, str_c(heard[i][0])), str_c(heard[i][1])));
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++)
        CHECK(lang_canonical(a, str_c(nothing[i])).p == NULL);
    arena_free(&a);
    return check_done();
}
