/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

/* ISO 639-1 or 639-3 code in lower case, with script and region if any: "en", "yue", "pt-BR", "zh-Hant-TW". */
bool lang_is_valid(struct str code);

/* The valid code nearest to what a device calls its language: "en_US.UTF-8" is "en-US", "es-419" is "es". NULL: there
   is none. */
struct str lang_canonical(struct arena *a, struct str code);
