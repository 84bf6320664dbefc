/* SPDX-License-Identifier: Apache-2.0 */
#include "core/search.h"
#include "api/entity.h"
#include "api/entity_tag.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/tag_mark.h"

#define SEARCH_DEFAULT   20
#define ACCOUNTS_DEFAULT 40

static enum err parse_type(struct ctx *c, struct str word, enum search_type *out)
{
    *out = SEARCH_ALL;
    if (str_eq(word, STR("accounts")))
        *out = SEARCH_ACCOUNTS_ONLY;
    else if (str_eq(word, STR("hashtags")))
        *out = SEARCH_TAGS_ONLY;
    else if (str_eq(word, STR("statuses")))
        *out = SEARCH_STATUSES_ONLY;
    else if (word.n > 0)
        return fail(c, ERR_INVALID, "Validation failed: Type is not one of accounts, hashtags, statuses");
    return OK;
}

static enum err parse_ask(struct ctx *c, const struct http_req *q, int64_t limit_default, struct search_ask *out)
{
    struct str author = http_param(q, "account_id");
    if (!http_has(q, "q"))
        return fail(c, ERR_MALFORMED, "Missing parameter: q");
    TRY(page_parse(c, q, limit_default, SEARCH_LIMIT_MAX, &out->page));
    out->q = http_param(q, "q");
    out->resolve = http_bool(q, "resolve", false);
    out->following = http_bool(q, "following", false);
    if (out->following && c->me == NULL)
        return fail(c, ERR_UNAUTHENTICATED, "This method requires an authenticated user");
    if (author.n > 0 && !id_parse(author, &out->account_id))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    return OK;
}

static enum err put_found(struct ctx *c, struct jw *w, const struct search_found *f)
{
    struct str accounts = { 0 };
    struct str statuses = { 0 };
    TRY(entity_account_list(c, f->accounts, f->accounts_n, &accounts));
    TRY(entity_status_list(c, FILTER_NOWHERE, f->statuses, f->statuses_n, &statuses));
    jw_obj(w);
    jw_kraw(w, STR("accounts"), accounts);
    jw_kraw(w, STR("statuses"), statuses);
    jw_karr(w, STR("hashtags"));
    for (int64_t i = 0; i < f->tags_n; i++)
        entity_tag(c, w, &f->tags[i]);
    jw_arr_end(w);
    jw_obj_end(w);
    return OK;
}

/* GET /api/v2/search, and its old name /api/v1/search */
enum err api_search(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct search_ask ask = { 0 };
    struct search_found found = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(parse_ask(c, q, SEARCH_DEFAULT, &ask));
    TRY(parse_type(c, http_param(q, "type"), &ask.type));
    TRY(search(c, &ask, &found));
    TRY(tag_marks_load(c, found.tags, found.tags_n));
    TRY(put_found(c, &w, &found));
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/accounts/search */
enum err api_accounts_search(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct search_ask ask = { 0 };
    struct search_found found = { 0 };
    struct str json = { 0 };
    TRY(parse_ask(c, q, ACCOUNTS_DEFAULT, &ask));
    ask.type = SEARCH_ACCOUNTS_ONLY;
    TRY(search(c, &ask, &found));
    TRY(entity_account_list(c, found.accounts, found.accounts_n, &json));
    return reply_json(r, json);
}
