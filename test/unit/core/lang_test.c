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
    return check_done();
}
