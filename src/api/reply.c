/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"

#include "api/entity.h"
#include "api/link.h"
#include "core/visible.h"

enum err reply_status(struct ctx *c, int64_t id, struct http_res *r)
{
    struct str json = { 0 };
    TRY(entity_status(c, id, &json));
    return reply_json(r, json);
}

enum err reply_status_page(struct ctx *c, const struct http_req *q, struct http_res *r, enum filter_context where,
                           const struct status_page *page)
{
    struct str json = { 0 };
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)page->n + 1, int64_t);
    for (int64_t i = 0; i < page->n; i++)
        ids[i] = page->rows[i]->id;
    TRY(entity_status_list(c, where, ids, page->n, &json));
    page_links(c, q, r, page->first, page->last, false);
    return reply_json(r, json);
}

enum err parse_visibility(struct ctx *c, struct str word, int *out)
{
    *out = visibility_parse(word);
    if (*out < 0 && word.n > 0)
        return fail(c, ERR_INVALID, "Validation failed: Visibility is not included in the list");
    return OK;
}
