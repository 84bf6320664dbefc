/* SPDX-License-Identifier: Apache-2.0 */
#include "core/card.h"
#include "jobs/kinds.h"
#include "model/site.h"
#include "net/client.h"

static bool is_html(struct str type)
{
    return str_starts(type, STR("text/html")) || str_starts(type, STR("application/xhtml+xml"));
}

/* Payload: the address. What cannot be had gives no card, and is not tried again before the link is posted again. */
enum err job_card_fetch(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    const struct http_header_out accept = { .name = STR("Accept"), .value = STR("text/html") };
    const struct http_header_out agent = {
        .next = (struct http_header_out *)(uintptr_t)&accept,
        .name = STR("User-Agent"),
        .value = arena_strf(c->arena, "Parley (link card; +" STR_FMT ")", STR_ARG(c->site->base_url)),
    };
    const struct http_call call = {
        .url = j->payload,
        .headers = &agent,
        .timeout_s = CARD_TIMEOUT_S,
        .answer_max = CARD_HTML_MAX,
        .redirects_max = CARD_REDIRECTS_MAX,
        .public_only = !c->site->testing,
    };
    struct http_answer answer = { 0 };
    struct card card = { 0 };
    bool due = false;
    (void)tools;
    TRY(card_is_due(c, j->payload, &due));
    if (!due || !c->site->link_cards)
        return OK;
    enum err e = http_client_call(c, &call, &answer);
    if (e == OK && answer.status == 200 && is_html(answer.type))
        card_parse(c->arena, j->payload, answer.body, &card);
    return card_keep(c, j->payload, card_json(c->arena, &card));
}
