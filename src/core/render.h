/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* HTML of what members wrote, links made with this site's addresses; the same for the JSON door and the pages. On
   c->arena. */
struct str render_status_html(struct ctx *c, struct str text, struct str mentions) NODISCARD;
/* mentions: those of the account; STR("[]"): nobody is named. */
struct str render_profile_html(struct ctx *c, struct str text, struct str mentions, bool one_line) NODISCARD;
