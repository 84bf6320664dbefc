/* SPDX-License-Identifier: Apache-2.0 */
#include "core/account.h"

#include "api/assemble.h"
#include "api/entity.h"
#include "api/profile.h"
#include "api/reply.h"
#include "api/routes.h"
#include "base/jw.h"
#include "core/oauth.h"
#include "core/quote.h"
#include "core/render.h"
#include "core/session.h"
#include "core/signup.h"
#include "core/visible.h"
#include "feed/feed.h"
#include "model/site.h"
#include "store/account.h"
#include "store/member.h"

#define ACCOUNTS_MAX 40 /* of one request by ids */

/* --- what only the member sees --- */

static struct str quote_word(const struct account *a)
{
    int chosen = a->default_quote_policy;
    return quote_policy_word(chosen == 0 ? QUOTE_ANYBODY : (enum quote_policy)(chosen - 1));
}

static void put_source(struct ctx *c, struct jw *w, const struct account *a, int64_t requests)
{
    jw_kobj(w, STR("source"));
    jw_kstr(w, STR("privacy"), visibility_word(a->default_visibility));
    jw_kbool(w, STR("sensitive"), a->default_sensitive);
    jw_kstr(w, STR("language"), a->default_language);
    jw_kstr(w, STR("note"), a->note);
    profile_put_fields(c, w, a->fields);
    jw_ki64(w, STR("follow_requests_count"), requests);
    jw_kbool(w, STR("hide_collections"), a->hide_collections);
    jw_kbool(w, STR("discoverable"), a->discoverable);
    jw_kbool(w, STR("indexable"), a->indexable);
    profile_put_domains(c, w, a);
    jw_kstr(w, STR("quote_policy"), quote_word(a));
    jw_kstr(w, STR("reply_policy"), reply_policy_word((enum reply_policy)a->default_reply_policy));
    jw_obj_end(w);
}

/* Mastodon's permission bits are of its own console; nobody has any of them here. */
static void put_role(struct ctx *c, struct jw *w, enum role role)
{
    static const struct str names[] = { STR(""), STR("Moderator"), STR("Admin"), STR("Owner") };
    jw_kobj(w, STR("role"));
    jw_kstr(w, STR("id"), role == ROLE_MEMBER ? STR("-99") : id_text(c->arena, (int64_t)role));
    jw_kstr(w, STR("name"), names[role]);
    jw_kstr(w, STR("permissions"), STR("0"));
    jw_kstr(w, STR("color"), STR(""));
    jw_kbool(w, STR("highlighted"), role != ROLE_MEMBER);
    jw_obj_end(w);
}

static bool me_from_memory(struct ctx *c, struct http_res *r, uint64_t *ticket)
{
    const struct rendered *mine = NULL;
    feed_rendered_self(c->feed, c->me->id, &mine, ticket);
    if (mine == NULL)
        return false;
    r->status = 200;
    r->body = arena_str(c->arena, mine->bytes);
    feed_rendered_release(c->feed, &mine);
    return true;
}

/* The account as everybody sees it, and then source and role. */
static enum err reply_me(struct ctx *c, struct http_res *r)
{
    uint64_t ticket = 0;
    if (me_from_memory(c, r, &ticket))
        return OK;
    if (c->db == NULL)
        return ERR_COLD;
    struct str shown = { 0 };
    struct account *a = NULL;
    int64_t requests = 0;
    TRY(entity_account(c, c->me->id, &shown));
    TRY(store_account_get(c, c->me->id, &a));
    TRY(store_account_requests(c, a->id, &requests));
    struct jw w = jw_on(c->arena);
    jw_obj(&w);
    put_source(c, &w, a, requests);
    put_role(c, &w, a->role);
    jw_obj_end(&w);
    struct str mine = jw_end(&w);
    struct buf b = buf_on(c->arena);
    buf_put(&b, str_head(shown, shown.n - 1)); /* without its } */
    buf_putc(&b, ',');
    buf_put(&b, str_skip(mine, 1)); /* without its { */
    const struct rendered kept = { .id = a->id, .emojis = c->site->emojis.version, .bytes = buf_str(&b) };
    feed_rendered_put_self(c->feed, &kept, ticket);
    return reply_json(r, kept.bytes);
}

/* GET /api/v1/accounts/verify_credentials */
enum err api_account_verify(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    TRY(session_seen(c));
    return reply_me(c, r);
}

/* GET /api/v1/preferences */
enum err api_preferences(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct jw w = jw_on(c->arena);
    (void)q;
    jw_obj(&w);
    jw_kstr(&w, STR("posting:default:visibility"), visibility_word(c->me->default_visibility));
    jw_kbool(&w, STR("posting:default:sensitive"), c->me->default_sensitive);
    jw_knull_str(&w, STR("posting:default:language"), c->me->default_language);
    jw_kstr(&w, STR("posting:default:quote_policy"), quote_word(c->me));
    jw_kstr(&w, STR("posting:default:reply_policy"), reply_policy_word((enum reply_policy)c->me->default_reply_policy));
    jw_kstr(&w, STR("reading:expand:media"), STR("default"));
    jw_kbool(&w, STR("reading:expand:spoilers"), false);
    jw_kbool(&w, STR("reading:autoplay:gifs"), false);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* --- editing --- */

/* source[quote_policy], source[reply_policy]: -1 when not given. */
static enum err parse_policies(struct ctx *c, const struct http_req *q, int *quote, int *reply)
{
    struct str quotes = http_param(q, "source[quote_policy]");
    struct str answers = http_param(q, "source[reply_policy]");
    *quote = quotes.n > 0 ? quote_policy_parse(quotes) : -1;
    *reply = answers.n > 0 ? reply_policy_parse(answers) : -1;
    if (quotes.n > 0 && *quote < 0)
        return fail(c, ERR_INVALID, "Validation failed: Quote policy is public, followers or nobody");
    if (answers.n > 0 && *reply < 0)
        return fail(c, ERR_INVALID,
                    "Validation failed: Reply policy is everyone, followers, followed, mentioned or nobody");
    return OK;
}

/* PATCH /api/v1/accounts/update_credentials */
enum err api_account_update(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct account *a = NULL;
    struct profile_edit e = profile_read(c, q);
    struct str privacy = http_param(q, "source[privacy]");
    struct str sensitive = http_param(q, "source[sensitive]");
    if (sensitive.n > 0)
        e.default_sensitive = (int)http_bool(q, "source[sensitive]", false);
    e.default_language = http_param(q, "source[language]");
    if (privacy.n > 0)
        TRY(parse_visibility(c, privacy, &e.default_visibility));
    TRY(parse_policies(c, q, &e.default_quote_policy, &e.default_reply_policy));
    TRY(account_edit(c, &e, &a));
    return reply_me(c, r);
}

static enum err drop_picture(struct ctx *c, struct http_res *r, bool avatar)
{
    struct account *a = NULL;
    struct profile_edit e = profile_edit_none();
    e.avatar_drop = avatar;
    e.header_drop = !avatar;
    TRY(account_edit(c, &e, &a));
    return reply_me(c, r);
}

/* DELETE /api/v1/profile/avatar */
enum err api_avatar_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    return drop_picture(c, r, true);
}

/* DELETE /api/v1/profile/header */
enum err api_header_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    (void)q;
    return drop_picture(c, r, false);
}

/* --- others --- */

/* GET /api/v1/accounts/:id */
enum err api_account_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct account *a = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    enum err e = account_see_rendered(c, id);
    if (e == ERR_COLD && c->db != NULL)
        e = account_see(c, id, &a);
    TRY(e);
    return reply_one_account(c, q, r, id);
}

/* GET /api/v1/accounts?id[]= */
enum err api_accounts_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    int64_t ids[ACCOUNTS_MAX] = { 0 };
    struct str json = { 0 };
    size_t given_n = 0;
    int64_t n = 0;
    const struct str *given = http_list(q, "id", &given_n);
    for (size_t i = 0; i < given_n && n < ACCOUNTS_MAX; i++)
        if (id_parse(given[i], &ids[n]))
            n++;
    TRY(accounts_filter(c, ids, n));
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++)
        if (ids[i] != 0)
            ids[kept++] = ids[i];
    TRY(entity_account_list(c, ids, kept, &json));
    return reply_json(r, json);
}

/* GET /api/v1/accounts/lookup?acct= */
enum err api_account_lookup(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct account *a = NULL;
    struct str json = { 0 };
    TRY(account_lookup(c, http_param(q, "acct"), &a));
    TRY(entity_account(c, a->id, &json));
    return reply_json(r, json);
}

/* --- joining --- */

/* POST /api/v1/accounts, with a token of an app. */
enum err api_account_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct app *app = NULL;
    struct account *a = NULL;
    struct oauth_token t = { 0 };
    struct sign_up_form f = {
        .username = http_param(q, "username"),
        .email = http_param(q, "email"),
        .password = http_param(q, "password"),
        .reason = http_param(q, "reason"),
        .invite = http_param(q, "invite_code"),
        .locale = http_param(q, "locale"),
        .date_of_birth = http_param(q, "date_of_birth"),
        .agreement = http_bool(q, "agreement", false),
        .by_api = true,
    };
    if (c->me != NULL)
        return fail(c, ERR_FORBIDDEN, "This method needs a token of an app, not of a member");
    TRY(oauth_app_mine(c, &app));
    TRY(sign_up(c, &f, &a));
    TRY(oauth_token_for(c, app, a, c->session->scope_text, http_header(q, "user-agent"), &t));
    return reply_token(c, &t, r);
}

/* POST /api/v1/emails/confirmations */
enum err api_confirmation_send(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    TRY(sign_up_resend(c, http_param(q, "email")));
    return reply_json(r, STR("{}"));
}
