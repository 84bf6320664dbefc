/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/str.h"

/* ISO 639-1 or 639-3 code in lower case, with script and region if any: "en", "yue", "pt-BR", "zh-Hant-TW". */
bool lang_is_valid(struct str code);
