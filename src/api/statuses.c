/* SPDX-License-Identifier: Apache-2.0 */
#include "api/assemble.h"
#include "api/draft.h"
#include "api/entity.h"
#include "api/link.h"
#include "api/reply.h"
#include "api/routes.h"
#include "core/attachment.h"
#include "core/card.h"
#include "core/context.h"
#include "core/emoji.h"
#include "core/mention.h"
#include "core/quote.h"
#include "core/render.h"
#include "core/status.h"
#include "core/status_delete.h"
#include "core/visible.h"

#define STATUSES_BY_ID_MAX 40 /* of one request; what comes beyond is left out */
#define STATUSES_DEFAULT   20
#define STATUSES_MAX       40

static struct str or_absent(struct str s)
{
    return s.n == 0 ? (struct str){ NULL, 0 } : s;
}

/* media_attributes[][id], [description], [focus]: a new id begins the next. */
static void parse_wishes(const struct http_req *q, struct media_wish *wishes, int64_t n)
{
    struct media_wish *m = NULL;
    for (size_t i = 0; i < q->params_n; i++) {
        const struct http_param *p = &q->params[i];
        int64_t id = 0;
        if (!str_starts(p->name, STR("media_attributes[")))
            continue;
        if (str_ends(p->name, STR("[id]"))) {
            m = NULL;
            for (int64_t k = 0; k < n && id_parse(p->value, &id); k++)
                m = wishes[k].id == id ? &wishes[k] : m;
        } else if (m != NULL && str_ends(p->name, STR("[description]"))) {
            m->description = p->value.p == NULL ? STR("") : p->value;
        } else if (m != NULL && str_ends(p->name, STR("[focus]"))) {
            m->focus = p->value;
        }
    }
}

/* media_ids[]; of an edit, none given leaves them as they are, and an empty list takes them away. */
static enum err parse_media(struct ctx *c, const struct http_req *q, struct str has, struct status_draft *d)
{
    size_t n = 0;
    const struct str *ids = http_list(q, "media_ids", &n);
    if (!http_has(q, "media_ids")) {
        if (!http_has(q, "media_attributes") || has.n <= 2)
            return OK;
        n = (size_t)tag_list(c->arena, has, &ids);
    }
    if (n > ATTACHMENTS_MAX)
        return fail(c, ERR_INVALID, "Validation failed: Cannot attach more than %d files", ATTACHMENTS_MAX);
    struct media_wish *wishes = ARENA_ARRAY(c->arena, n + 1, struct media_wish);
    for (size_t i = 0; i < n; i++)
        if (!id_parse(ids[i], &wishes[i].id))
            return fail(c, ERR_INVALID, "Validation failed: Media attachments were not found");
    parse_wishes(q, wishes, (int64_t)n);
    d->media = wishes;
    d->media_n = (int64_t)n;
    return OK;
}

/* "poll" alone, or with an empty list of options, means none. */
static enum err parse_poll(struct ctx *c, const struct http_req *q, struct poll_draft *p)
{
    size_t n = 0;
    *p = (struct poll_draft){ .given = http_has(q, "poll") };
    p->options = http_list(q, "poll[options]", &n);
    p->options_n = (int64_t)n;
    p->multiple = http_bool(q, "poll[multiple]", false);
    p->hide_totals = http_bool(q, "poll[hide_totals]", false);
    if (n > 0 && http_has(q, "poll[expires_in]")
        && !http_i64(q, "poll[expires_in]", 1, POLL_SECONDS_MAX, false, &p->expires_s))
        return fail(c, ERR_INVALID, "Validation failed: Poll expires_in is a number of seconds up to %d",
                    POLL_SECONDS_MAX);
    return OK;
}

/* What is not given stays as it is in *quote (1 + enum quote_policy) and *reply (likewise). */
static enum err parse_policies(struct ctx *c, const struct http_req *q, int *quote, int *reply)
{
    struct str who = http_param(q, "quote_approval_policy");
    struct str answers = http_param(q, "reply_policy");
    if (who.n > 0)
        *quote = 1 + quote_policy_parse(who);
    if (answers.n > 0)
        *reply = 1 + reply_policy_parse(answers);
    if (who.n > 0 && *quote == 0)
        return fail(c, ERR_INVALID, "Validation failed: Quote approval policy is public, followers or nobody");
    if (answers.n > 0 && *reply == 0)
        return fail(c, ERR_INVALID,
                    "Validation failed: Reply policy is everyone, followers, followed, mentioned or nobody");
    return OK;
}

enum err draft_parse(struct ctx *c, const struct http_req *q, struct status_draft *d)
{
    struct str parent = http_param(q, "in_reply_to_id");
    struct str quoted = http_param(q, "quoted_status_id");
    *d = (struct status_draft){
        .text = http_param(q, "status"),
        .spoiler = http_param(q, "spoiler_text"),
        .sensitive = http_param(q, "sensitive").n == 0 ? -1 : http_bool(q, "sensitive", false),
        .language = or_absent(http_param(q, "language")),
        .idempotency_key = http_header(q, "Idempotency-Key"),
    };
    /* a list or an object is not a word: never publish wider than somebody may have meant */
    if (http_has(q, "visibility") && http_param(q, "visibility").p == NULL)
        return fail(c, ERR_INVALID, "Validation failed: Visibility is not included in the list");
    TRY(parse_visibility(c, http_param(q, "visibility"), &d->visibility));
    TRY(parse_poll(c, q, &d->poll));
    TRY(parse_policies(c, q, &d->quote_policy, &d->reply_policy));
    if (quoted.n > 0 && !id_parse(quoted, &d->quoted_id))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    if (parent.n > 0 && !id_parse(parent, &d->in_reply_to_id))
        return fail(c, ERR_NOT_FOUND, "Record not found");
    return parse_media(c, q, (struct str){ 0 }, d);
}

/* POST /api/v1/statuses */
enum err api_status_create(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status_draft d = { 0 };
    struct published p = { 0 };
    struct str json = { 0 };
    TRY(draft_parse(c, q, &d));
    if (http_param(q, "scheduled_at").n > 0)
        return reply_scheduled_new(c, q, &d, r);
    TRY(status_publish_now(c, &d, &p));
    if (p.author == NULL)
        return reply_status(c, p.status->id, r);
    TRY(entity_status_new(c, p.status, p.author, &json));
    return reply_json(r, json);
}

/* GET /api/v1/statuses/:id ; from memory where it is there */
enum err api_status_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *s = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    enum err e = status_see_rendered(c, id);
    if (e == ERR_COLD && c->db != NULL)
        e = status_see(c, id, &s, NULL);
    TRY(e);
    return reply_one_status(c, q, r, id);
}

/* GET /api/v1/statuses?id[]= : in the order asked, what may not be seen left out */
enum err api_statuses_get(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *rows[STATUSES_BY_ID_MAX];
    int64_t ids[STATUSES_BY_ID_MAX];
    int64_t n = 0;
    int64_t kept = 0;
    size_t asked_n = 0;
    struct str json = { 0 };
    const struct str *asked = http_list(q, "id", &asked_n);
    for (size_t i = 0; i < asked_n && n < STATUSES_BY_ID_MAX; i++)
        if (id_parse(asked[i], &ids[n]))
            n++;
    TRY(statuses_see(c, ids, n, rows));
    for (int64_t i = 0; i < n; i++)
        if (rows[i] != NULL)
            ids[kept++] = ids[i];
    TRY(entity_status_list(c, FILTER_NOWHERE, ids, kept, &json));
    return reply_json(r, json);
}

/* PUT /api/v1/statuses/:id : what is not given stays as it is; but a text without a poll takes the poll away, which is
   how clients do that */
enum err api_status_edit(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status_draft d = { 0 };
    struct status *s = NULL;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(status_see(c, id, &s, NULL));
    TRY(draft_parse(c, q, &d));
    TRY(parse_media(c, q, s->media, &d));
    d.poll.given = d.poll.given || http_has(q, "status");
    if (!http_has(q, "status"))
        d.text = s->text;
    if (!http_has(q, "spoiler_text"))
        d.spoiler = s->spoiler;
    if (d.sensitive < 0)
        d.sensitive = s->sensitive;
    TRY(status_edit(c, id, &d, &s));
    return reply_status(c, id, r);
}

/* The entity with its source text where the HTML stood: what clients need to write it anew. Inside of JSON text a quote
   is always escaped, so the first `"content":"` is the parley's own key. */
static struct str with_text(struct ctx *c, struct str json, struct str text)
{
    static const struct str key = STR("\"content\":\"");
    size_t at = 0;
    struct jw w = jw_on(c->arena);
    struct buf b = buf_on(c->arena);
    if (!str_find(json, key, &at))
        return json;
    size_t end = at + key.n;
    while (end < json.n && json.p[end] != '"')
        end += json.p[end] == '\\' ? 2 : 1;
    jw_str(&w, text);
    buf_put(&b, str_head(json, at));
    buf_put(&b, STR("\"text\":"));
    buf_put(&b, jw_end(&w));
    buf_put(&b, str_skip(json, end + 1));
    return buf_str(&b);
}

/* DELETE /api/v1/statuses/:id */
enum err api_status_delete(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *s = NULL;
    struct str json = { 0 };
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(status_own(c, id, &s));
    TRY(entity_status(c, id, &json));
    if (http_bool(q, "delete_media", false))
        TRY(status_delete(c, id, &s));
    else
        TRY(status_withdraw(c, id, &s));
    return reply_json(r, with_text(c, json, s->text));
}

static enum err list_json(struct ctx *c, struct status *const *rows, int64_t n, struct str *out)
{
    int64_t *ids = ARENA_ARRAY(c->arena, (size_t)n + 1, int64_t);
    for (int64_t i = 0; i < n; i++)
        ids[i] = rows[i]->id;
    return entity_status_list(c, FILTER_THREAD, ids, n, out);
}

/* GET /api/v1/statuses/:id/context */
enum err api_status_context(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status_context t = { 0 };
    struct str above = { 0 };
    struct str below = { 0 };
    struct jw w = jw_on(c->arena);
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(status_context(c, id, &t));
    TRY(list_json(c, t.ancestors, t.ancestors_n, &above));
    TRY(list_json(c, t.descendants, t.descendants_n, &below));
    jw_obj(&w);
    jw_kraw(&w, STR("ancestors"), above);
    jw_kraw(&w, STR("descendants"), below);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

static void put_former_poll(struct ctx *c, struct jw *w, struct str titles)
{
    const struct str *names = NULL;
    int64_t n = tag_list(c->arena, titles, &names);
    jw_kobj(w, STR("poll"));
    jw_karr(w, STR("options"));
    for (int64_t i = 0; i < n; i++) {
        jw_obj(w);
        jw_kstr(w, STR("title"), names[i]);
        jw_obj_end(w);
    }
    jw_arr_end(w);
    jw_obj_end(w);
}

static enum err put_version(struct ctx *c, struct jw *w, bool withheld, const struct status_version *v,
                            struct str account)
{
    struct attachments media = { 0 };
    TRY(attachments_of_version(c, v, &media));
    jw_obj(w);
    jw_kstr(w, STR("content"), render_status_html(c, v->text, v->mentions));
    jw_kstr(w, STR("spoiler_text"), v->spoiler);
    jw_kbool(w, STR("sensitive"), v->sensitive);
    jw_ktime(w, STR("created_at"), v->created_ms);
    jw_kraw(w, STR("account"), account);
    entity_attachments(c, w, withheld, &media);
    emoji_put_used(c, w, (const struct str[]){ v->text, v->spoiler, v->poll }, 3);
    if (v->poll.p != NULL)
        put_former_poll(c, w, v->poll);
    jw_obj_end(w);
    return OK;
}

/* GET /api/v1/statuses/:id/history */
enum err api_status_history(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *s = NULL;
    struct account *author = NULL;
    struct status_version *versions = NULL;
    struct str account = { 0 };
    struct jw w = jw_on(c->arena);
    int64_t id = 0;
    int64_t n = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(status_see(c, id, &s, &author));
    TRY(status_history(c, id, &versions, &n));
    TRY(entity_account(c, s->account_id, &account));
    jw_arr(&w);
    for (int64_t i = 0; i < n; i++)
        TRY(put_version(c, &w, attachment_is_withheld(s, author), &versions[i], account));
    jw_arr_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/statuses/:id/source */
enum err api_status_source(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *s = NULL;
    struct jw w = jw_on(c->arena);
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(status_see(c, id, &s, NULL));
    jw_obj(&w);
    jw_kid(&w, STR("id"), id);
    jw_kstr(&w, STR("text"), s->text);
    jw_kstr(&w, STR("spoiler_text"), s->spoiler);
    jw_obj_end(&w);
    return reply_json(r, jw_end(&w));
}

/* GET /api/v1/accounts/:id/statuses */
enum err api_account_statuses(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct status_page page = { 0 };
    struct author_page a = {
        .pinned = http_bool(q, "pinned", false),
        .exclude_replies = http_bool(q, "exclude_replies", false),
        .exclude_reblogs = http_bool(q, "exclude_reblogs", false),
        .only_media = http_bool(q, "only_media", false),
        .tagged = or_absent(http_param(q, "tagged")),
    };
    TRY(path_id(c, q, 0, &a.account_id));
    TRY(page_parse(c, q, STATUSES_DEFAULT, STATUSES_MAX, &p));
    TRY(status_of_author(c, &a, &p, &page));
    return reply_status_page(c, q, r, FILTER_ACCOUNT, &page);
}

/* GET /api/v1/statuses/:id/quotes */
enum err api_status_quotes(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct page p = { 0 };
    struct status_page page = { 0 };
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(page_parse(c, q, STATUSES_DEFAULT, STATUSES_MAX, &p));
    TRY(status_quotes(c, id, &p, &page));
    return reply_status_page(c, q, r, FILTER_THREAD, &page);
}

/* POST /api/v1/statuses/:id/quotes/:quoting_id/revoke */
enum err api_quote_revoke(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *s = NULL;
    int64_t quoted_id = 0;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &quoted_id));
    TRY(path_id(c, q, 1, &id));
    TRY(quote_revoke(c, quoted_id, id, &s));
    return reply_status(c, id, r);
}

/* PUT /api/v1/statuses/:id/interaction_policy */
enum err api_status_policy(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *s = NULL;
    int quote = 0;
    int reply = 0;
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(status_own(c, id, &s));
    TRY(parse_policies(c, q, &quote, &reply));
    TRY(status_set_policy(c, id, quote - 1, reply - 1, &s));
    return reply_status(c, id, r);
}

/* GET /api/v1/statuses/:id/card */
enum err api_status_card(struct ctx *c, const struct http_req *q, struct http_res *r)
{
    struct status *s = NULL;
    struct card card = { 0 };
    int64_t id = 0;
    TRY(path_id(c, q, 0, &id));
    TRY(status_see(c, id, &s, NULL));
    TRY(card_find(c, s->text, &card));
    return reply_json(r, card.title.n > 0 ? card_json(c, &card) : STR("{}"));
}
