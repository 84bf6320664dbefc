/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "core/card.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

/* Pages of strangers: whatever they hold, a card is short valid text. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena *a = arena_new();
    struct card card;
    card_parse(a, STR("https://example.org/"), (struct str){ (const char *)data, n }, &card);
    assert(card.title.n <= CARD_TITLE_MAX && card.description.n <= CARD_TEXT_MAX && card.provider.n <= CARD_TITLE_MAX);
    assert(str_is_utf8(card.title) && str_is_utf8(card.description) && str_is_utf8(card.provider));
    assert(str_is_utf8(card.author) && str_is_utf8(card.language));
    assert((card.title.n == 0) == (card_json(a, &card).n == 0));
    arena_free(&a);
    return 0;
}
