/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "core/totp.h"
#include "pages/visit.h"

/* The row of links above every page of the settings. */
void settings_tabs(struct visit *v, const char *at);
/* The page that shows new recovery codes, once. */
enum err settings_codes(struct visit *v, struct str done, const struct str *codes) NODISCARD;
