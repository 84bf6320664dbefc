/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "core/card_page.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

/* Pages of strangers: whatever they hold, a card is short valid text. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena *a = arena_new();
    struct card card;
    struct card_leads leads;
    const struct str at = STR("https://example.org/a/b");
    const struct str bytes = { (const char *)data, n };
    card_parse(a, at, at, bytes, &card, &leads);
    (void)card_parse_oembed(a, at, bytes, &card, &leads);
    assert(card.title.n <= CARD_TITLE_MAX && card.description.n <= CARD_TEXT_MAX && card.provider.n <= CARD_TITLE_MAX);
    assert(str_is_utf8(card.title) && str_is_utf8(card.description) && str_is_utf8(card.provider));
    assert(str_is_utf8(card.author) && str_is_utf8(card.language));
    assert(leads.picture.n <= CARD_URL_MAX && leads.oembed.n <= CARD_URL_MAX && card.author_url.n <= CARD_URL_MAX);
    assert(leads.picture.n == 0 || str_starts(leads.picture, STR("http")));
    assert(card.author_url.n == 0 || str_starts(card.author_url, STR("http")));
    arena_free(&a);
    return 0;
}
