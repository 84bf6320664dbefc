/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* Custom emoji as pictures, with their text as alternative. From the site's snapshot: nothing is asked of the store. */
void emojis_put_text(struct visit *v, struct str text); /* as hw_text */
/* As hw_raw, for what core/render.h made: not inside of links, whose text is an address or a name. */
void emojis_put_html(struct visit *v, struct str html);
/* A reaction: a Unicode emoji, or the shortcode of a custom one. */
void emojis_put_name(struct visit *v, struct str name);
