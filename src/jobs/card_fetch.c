/* SPDX-License-Identifier: Apache-2.0 */
#include "core/card.h"
#include "core/card_page.h"
#include "core/card_picture.h"
#include "jobs/kinds.h"
#include "model/site.h"
#include "net/client.h"

static bool is_html(struct str type)
{
    return str_starts(type, STR("text/html")) || str_starts(type, STR("application/xhtml+xml"));
}

/* False: it cannot be had. Nobody asks why: pages of strangers fail in every way. */
static bool get(struct ctx *c, struct str url, struct str type, size_t max, struct http_answer *out)
{
    const struct http_header_out accept = { .name = STR("Accept"), .value = type };
    const struct http_header_out agent = {
        .next = (struct http_header_out *)(uintptr_t)&accept,
        .name = STR("User-Agent"),
        .value = arena_strf(c->arena, "Parley (link card; +" STR_FMT ")", STR_ARG(c->site->base_url)),
    };
    const struct http_call call = {
        .url = url,
        .headers = &agent,
        .timeout_s = CARD_TIMEOUT_S,
        .answer_max = max,
        .redirects_max = CARD_REDIRECTS_MAX,
        .public_only = !c->site->testing,
    };
    bool done = url.n > 0 && http_client_call(c, &call, out) == OK && out->status == 200;
    c->says = (struct str){ 0 };
    return done;
}

static void read_page(struct ctx *c, struct str url, struct card *card, struct card_leads *leads)
{
    struct http_answer page = { 0 };
    struct http_answer document = { 0 };
    if (!get(c, url, STR("text/html"), CARD_HTML_MAX, &page) || !is_html(page.type))
        return;
    struct str base = page.url.n > 0 ? page.url : url;
    card_parse(c->arena, url, base, page.body, card, leads);
    if (get(c, leads->oembed, STR("application/json"), CARD_OEMBED_MAX, &document))
        (void)card_parse_oembed(c->arena, leads->oembed, document.body, card, leads);
}

/* A card may do without. */
static enum err read_picture(struct ctx *c, struct str url, struct card *card)
{
    struct http_answer answer = { 0 };
    if (card->title.n == 0 || !get(c, url, STR("image/*"), CARD_PICTURE_MAX, &answer))
        return OK;
    enum err e = card_picture_make(c, answer.body, &card->picture);
    if (e != ERR_INVALID && e != ERR_TOO_LARGE && e != ERR_NO_SPACE)
        return e;
    card->picture = (struct card_picture){ 0 };
    c->says = (struct str){ 0 };
    return OK;
}

/* Payload: the address. What cannot be had gives no card, and is not tried again before the link is posted again. */
enum err job_card_fetch(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    struct card card = { 0 };
    struct card_leads leads = { 0 };
    bool due = false;
    (void)tools;
    TRY(card_is_due(c, j->payload, &due));
    if (!due || !c->site->link_cards)
        return OK;
    read_page(c, j->payload, &card, &leads);
    TRY(card_credit(c, leads.host, leads.creator, &card));
    TRY(read_picture(c, leads.picture, &card));
    return card_keep(c, j->payload, &card);
}
