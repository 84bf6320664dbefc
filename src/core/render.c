/* SPDX-License-Identifier: Apache-2.0 */
#include "core/render.h"

#include "core/address.h"
#include "core/mention.h"
#include "core/text_html.h"
#include "model/site.h"

/* Where each mention of a text leads; empty where it means nobody. */
static struct text_links links_of(struct ctx *c, const struct text_entities *e, struct str mentions, bool is_profile)
{
    const struct mention *known = NULL;
    int64_t known_n = mention_list(c->arena, mentions, &known);
    struct str *hrefs = ARENA_ARRAY(c->arena, e->mentions_n + 1, struct str);
    for (size_t i = 0; i < e->mentions_n; i++) {
        const struct mention *m = mention_match(c, known, known_n, &e->mentions[i]);
        if (m != NULL)
            hrefs[i] = address_account(c, m->username);
    }
    return (struct text_links){
        .base_url = c->site->base_url,
        .mention_hrefs = hrefs,
        .mention_hrefs_n = e->mentions_n,
        .is_profile = is_profile,
    };
}

struct str render_status_html(struct ctx *c, struct str text, struct str mentions)
{
    struct text_entities e = { 0 };
    text_scan(c->arena, text, &e);
    struct text_links links = links_of(c, &e, mentions, false);
    return text_to_html(c->arena, text, &e, &links);
}

struct str render_profile_html(struct ctx *c, struct str text, struct str mentions, bool one_line)
{
    struct text_entities e = { 0 };
    text_scan(c->arena, text, &e);
    struct text_links links = links_of(c, &e, mentions, true);
    return one_line ? text_line_to_html(c->arena, text, &e, &links) : text_to_html(c->arena, text, &e, &links);
}
