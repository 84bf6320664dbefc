/* SPDX-License-Identifier: Apache-2.0 */
#include "api/entity.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/block.h"
#include "core/endorsement.h"
#include "core/follow.h"
#include "core/relation.h"

#define LIST_DEFAULT 40
#define LIST_MAX     80

static void put_relation(struct jw *w, const struct relation *r)
{
    jw_obj(w);
    jw_kid(w, STR("id"), r->target_id);
    jw_kbool(w, STR("following"), r->following);
    jw_kbool(w, STR("showing_reblogs"), r->showing_reblogs);
    jw_kbool(w, STR("notifying"), r->notifying);
    if (r->languages.p == NULL)
        jw_knull(w, STR("languages"));
    else
        jw_kraw(w, STR("languages"), r->languages);
    jw_kbool(w, STR("followed_by"), r->followed_by);
    jw_kbool(w, STR("blocking"), r->blocking);
    jw_kbool(w, STR("blocked_by"), r->blocked_by);
    jw_kbool(w, STR("muting"), r->muting);
    jw_kbool(w, STR("muting_notifications"), r->muting_notifications);
    jw_ktime(w, STR("muting_expires_at"), r->mute_until_ms);
    jw_kbool(w, STR("requested"), r->requested);
    jw_kbool(w, STR("requested_by"), r->requested_by);
    jw_kbool(w, STR("domain_blocking"), r->domain_blocking);
    jw_kbool(w, STR("endorsed"), r->endorsed);
    jw_kstr(w, STR("note"), r->note);
    jw_obj_end(w);
}

static enum err reply_relation(struct ctx *c, int64_t target_id, struct http_res *r)
{
    struct relation rel = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(relation_get(c, target_id, &rel));
    put_relation(&w, &rel);
    return reply_json(r, jw_end(&w));
}

/* The ids under a name, at most RELATIONS_MAX; what is no id is nobody's. */
static int64_t asked_ids(struct ctx *c, const struct http_req *q, int64_t **out)
{
    size_t n = 0;
    int64_t kept = 0;
    const struct str *given = http_list(q, "id", &n);
    *out = ARENA_ARRAY(c->arena, RELATIONS_MAX, int64_t);
    for (size_t i = 0; i < n && kept < RELATIONS_MAX; i++)
        if (id_parse(given[i], &(*out)[kept]))
            kept++;
    return kept;
}

/* GET /api/v1/accounts/relationships */
enum err api_relationships(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t *ids = NULL;
    int64_t ids_n = asked_ids(c, q, &ids);
    struct relation *relations = NULL;
    int64_t n = 0;
    struct jw w = jw_on(c->arena);
    TRY(relation_list(c, ids, ids_n, http_bool(q, "with_suspended", false), &relations, &n));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        put_relation(&w, &relations[i]);
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/accounts/familiar_followers */
enum err api_familiar_followers(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t *ids = NULL;
    int64_t ids_n = asked_ids(c, q, &ids);
    struct familiar *familiar = NULL;
    int64_t n = 0;
    struct jw w = jw_on(c->arena);
    TRY(relation_familiar(c, ids, ids_n, &familiar, &n));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++) {
        struct str accounts = { 0 };
        TRY(entity_account_list(c, familiar[i].accounts, familiar[i].n, &accounts));
        jw_obj(&w);
        jw_kid(&w, STR("id"), familiar[i].id);
        jw_kraw(&w, STR("accounts"), accounts);
        jw_obj_end(&w);
    }
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

static int given_bool(const struct http_req *q, const char *name)
{
    return http_has(q, name) && http_param(q, name).n > 0 ? http_bool(q, name, false) : -1;
}

/* POST /api/v1/accounts/:id/follow */
enum err api_follow(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    size_t n = 0;
    const struct str *languages = http_list(q, "languages", &n);
    struct follow_wish wish = {
        .reblogs = given_bool(q, "reblogs"),
        .notify = given_bool(q, "notify"),
        .has_languages = n > 0,
        .languages = languages,
        .languages_n = n == 1 && languages[0].n == 0 ? 0 : (int64_t)n, /* "languages[]=": all again */
    };
    TRY(path_id(c, q, 0, &id));
    TRY(follow_add(c, id, &wish));
    return reply_relation(c, id, r);
}

typedef enum err relation_fn(struct ctx *c, int64_t id);

static enum err act(struct ctx *c, const struct http_req *q, struct http_res *r, relation_fn *what)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(what(c, id));
    return reply_relation(c, id, r);
}

/* POST /api/v1/accounts/:id/... */
enum err api_unfollow(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, follow_remove);
}

enum err api_remove_from_followers(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, follower_remove);
}

enum err api_block(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, block_add);
}

enum err api_unblock(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, block_remove);
}

enum err api_endorse(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, endorsement_add);
}

enum err api_unendorse(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, endorsement_remove);
}

enum err api_unmute(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, mute_remove);
}

enum err api_mute(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    int64_t seconds = 0;
    TRY(path_id(c, q, 0, &id));
    if (http_param(q, "duration").n > 0 && !http_i64(q, "duration", 0, INT64_MAX, false, &seconds))
        return fail(c, ERR_INVALID, "Validation failed: Duration is not a number of seconds");
    TRY(mute_add(c, id, http_bool(q, "notifications", true), seconds));
    return reply_relation(c, id, r);
}

/* POST /api/v1/accounts/:id/note */
enum err api_account_note(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(relation_note(c, id, http_param(q, "comment")));
    return reply_relation(c, id, r);
}

/* POST /api/v1/follow_requests/:account_id/... */
enum err api_follow_request_authorize(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, follow_request_accept);
}

enum err api_follow_request_reject(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return act(c, q, r, follow_request_reject);
}

/* A list of accounts with its links; of follow requests and endorsements "prev" is since_id, as the API has it. */
static enum err reply_accounts(struct ctx *c, const struct http_req *q, struct http_res *r, enum relation_page which,
                               int64_t account_id)
{
    struct page p = { 0 };
    struct account_page page = { 0 };
    struct str json = { 0 };
    TRY(page_parse(c, q, LIST_DEFAULT, LIST_MAX, &p));
    TRY(relation_accounts(c, which, account_id, &p, &page));
    TRY(entity_account_list(c, page.ids, page.n, &json));
    page_links(c, q, r, page.first, page.last, which == RELATION_REQUESTS || which == RELATION_ENDORSED);
    return reply_json(r, json);
}

/* GET /api/v1/accounts/:id/followers */
enum err api_followers(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    return reply_accounts(c, q, r, RELATION_FOLLOWERS, id);
}

/* GET /api/v1/accounts/:id/following */
enum err api_following(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    return reply_accounts(c, q, r, RELATION_FOLLOWING, id);
}

/* GET /api/v1/accounts/:id/endorsements */
enum err api_account_endorsements(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    return reply_accounts(c, q, r, RELATION_ENDORSED, id);
}

/* GET /api/v1/endorsements */
enum err api_endorsements(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return reply_accounts(c, q, r, RELATION_ENDORSED, c->me->id);
}

/* GET /api/v1/blocks */
enum err api_blocks(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return reply_accounts(c, q, r, RELATION_BLOCKS, 0);
}

/* GET /api/v1/follow_requests */
enum err api_follow_requests(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    return reply_accounts(c, q, r, RELATION_REQUESTS, 0);
}

/* An account with one key more. */
static struct str with_expiry(struct ctx *c, struct str account, const struct relation *r)
{
    struct jw w = jw_on(c->arena);
    struct buf b = buf_on(c->arena);
    jw_obj(&w);
    jw_ktime(&w, STR("mute_expires_at"), r->mute_until_ms);
    jw_obj_end(&w);
    buf_put(&b, str_head(account, account.n - 1));
    buf_putc(&b, ',');
    buf_put(&b, str_skip(jw_end(&w), 1));
    return buf_str(&b);
}

/* GET /api/v1/mutes */
enum err api_mutes(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct account_page page = { 0 };
    struct jw w = jw_on(c->arena);
    TRY(page_parse(c, q, LIST_DEFAULT, LIST_MAX, &p));
    TRY(relation_accounts(c, RELATION_MUTES, 0, &p, &page));
    struct str *accounts = ARENA_ARRAY(c->arena, (size_t)page.n + 1, struct str);
    struct relation *relations = NULL;
    int64_t n = 0;
    TRY(entity_accounts(c, page.ids, page.n, accounts));
    TRY(relation_list(c, page.ids, page.n, true, &relations, &n));
    jw_arr(&w);
    for (int64_t i = 0; i < page.n; i++)
        for (int64_t k = 0; k < n && accounts[i].p != NULL; k++)
            if (relations[k].target_id == page.ids[i])
                jw_raw(&w, with_expiry(c, accounts[i], &relations[k]));
    jw_arr_end(&w);
    page_links(c, q, r, page.first, page.last, false);
    return reply_json(r, jw_end(&w));
}
