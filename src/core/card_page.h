/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "core/card.h"

/* What a page, and the oEmbed document that it names, say of themselves. Strangers' text: cut to size, valid UTF-8,
   never HTML; addresses are http or https. https://ogp.me, https://oembed.com */
struct card_leads {
    struct str picture; /* addresses to be asked next; p == NULL: none */
    struct str oembed;
    struct str creator; /* whom it names as author here, "@user@domain" */
    struct str host;    /* that said so, with its port */
};
/* Out of a page, whatever it holds. base: its address after redirects. */
void card_parse(struct arena *a, struct str url, struct str base, struct str html, struct card *out,
                struct card_leads *leads);
/* What the document says goes before what the page said; its HTML is not looked at. False: it is none. */
bool card_parse_oembed(struct arena *a, struct str base, struct str json, struct card *card, struct card_leads *leads);
