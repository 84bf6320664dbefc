/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers of parleys answer, as JSON; without sockets. */
#include <jansson.h>
#include <stdlib.h>

#include "api/link.h"
#include "api/routes.h"
#include "base/id.h"
#include "check.h"
#include "world.h"

/* Calls a handler: ids in the path, then a query or form. NULL unless it answered 200 with valid JSON. */
static json_t *call(struct ctx *c, handler_fn *run, const char *arg, const char *params, struct http_res *r,
                    enum err *e)
{
    struct http_param *list = NULL;
    struct http_req q = { .arena = c->arena, .args = { str_c(arg) }, .query = str_c(params) };
    q.target = arena_strf(c->arena, "/api/v1/x?%s", params);
    (void)http_parse_query(c->arena, str_c(params), &list, &q.params_n);
    q.params = list;
    *r = (struct http_res){ .arena = c->arena };
    c->now_ms += 5;
    *e = run(c, &q, r);
    json_t *j = *e == OK && r->status == 200 ? json_loadb(r->body.p, r->body.n, 0, NULL) : NULL;
    free(r->body_owned);
    return j;
}

static json_t *ok(struct ctx *c, handler_fn *run, const char *arg, const char *params)
{
    struct http_res r;
    enum err e = OK;
    json_t *j = call(c, run, arg, params, &r, &e);
    if (j == NULL) {
        (void)printf("%s?%s: error %d: " STR_FMT "\n", arg, params, (int)e, STR_ARG(c->says));
        exit(1);
    }
    return j;
}

static enum err refused(struct ctx *c, handler_fn *run, const char *arg, const char *params)
{
    struct http_res r;
    enum err e = OK;
    json_decref(call(c, run, arg, params, &r, &e));
    return e;
}

static const char *text(const json_t *j, const char *key)
{
    const char *s = json_string_value(json_object_get(j, key));
    return s == NULL ? "(none)" : s;
}

static bool is(const json_t *j, const char *key, const char *want)
{
    return strcmp(text(j, key), want) == 0;
}

static void every_key_is_there(const json_t *s)
{
    static const char *keys[] = {
        "account", "card",       "content",           "created_at",   "edited_at",     "emojis",
        "id",      "quote",      "favourites_count",  "language",     "mentions",      "poll",
        "reblog",  "visibility", "media_attachments", "quotes_count", "replies_count", "sensitive",
        "tags",    "uri",        "spoiler_text",      "url",          "reblogs_count", "in_reply_to_id"
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        CHECK(json_object_get(s, keys[i]) != NULL);
}

static void a_parley_and_its_redraft(struct ctx *c)
{
    json_t *s = ok(c, api_status_create, "",
                   "status=hi+%22content%22%3A%22x%22+%23tag&spoiler_text=%22content%22:%22y&language=en");
    every_key_is_there(s);
    CHECK(is(s, "visibility", "public") && json_is_true(json_object_get(s, "sensitive")) && is(s, "language", "en"));
    CHECK(json_is_false(json_object_get(s, "favourited")) && json_is_false(json_object_get(s, "pinned")));
    json_t *source = ok(c, api_status_source, text(s, "id"), "");
    CHECK(is(source, "text", "hi \"content\":\"x\" #tag") && is(source, "spoiler_text", "\"content\":\"y"));
    json_t *gone = ok(c, api_status_delete, text(s, "id"), "");
    CHECK(json_object_get(gone, "content") == NULL && is(gone, "text", "hi \"content\":\"x\" #tag"));
    CHECK(is(gone, "spoiler_text", "\"content\":\"y") && json_object_get(gone, "account") != NULL);
    CHECK(refused(c, api_status_get, text(s, "id"), "") == ERR_NOT_FOUND);
    json_decref(gone);
    json_decref(source);
    json_decref(s);
}

static void edits(struct ctx *c)
{
    json_t *s = ok(c, api_status_create, "", "status=one&spoiler_text=careful&visibility=unlisted");
    json_t *now = ok(c, api_status_edit, text(s, "id"), "status=two");
    CHECK(is(now, "content", "<p>two</p>") && is(now, "spoiler_text", "careful") && is(now, "visibility", "unlisted"));
    CHECK(json_is_string(json_object_get(now, "edited_at")) && json_is_null(json_object_get(s, "edited_at")));
    json_t *h = ok(c, api_status_history, text(s, "id"), "");
    CHECK(json_array_size(h) == 2 && is(json_array_get(h, 0), "content", "<p>one</p>")
          && is(json_array_get(h, 1), "content", "<p>two</p>"));
    CHECK(json_is_object(json_object_get(json_array_get(h, 0), "account")));
    json_decref(h);
    json_decref(now);
    json_decref(s);
}

static void what_cannot_be_is_refused(struct ctx *c)
{
    CHECK(refused(c, api_status_create, "", "status=x&media_ids[]=1") == ERR_INVALID);
    CHECK(refused(c, api_status_create, "", "status=x&poll[options][]=a&poll[options][]=b") == ERR_INVALID);
    CHECK(refused(c, api_status_create, "", "status=x&scheduled_at=yesterday") == ERR_INVALID);
    CHECK(refused(c, api_status_create, "", "status=x&visibility=secret") == ERR_INVALID);
    CHECK(refused(c, api_status_create, "", "status=x&in_reply_to_id=abc") == ERR_NOT_FOUND);
    CHECK(refused(c, api_status_create, "", "") == ERR_INVALID);
    CHECK(refused(c, api_status_get, "not-an-id", "") == ERR_NOT_FOUND);
}

static void echoes_and_marks(struct ctx *c, const struct account *ann, const struct account *bob)
{
    c->me = ann;
    json_t *s = ok(c, api_status_create, "", "status=echo+me");
    c->me = bob;
    json_t *echo = ok(c, api_status_reblog, text(s, "id"), "");
    const json_t *inner = json_object_get(echo, "reblog");
    CHECK(is(inner, "id", text(s, "id")) && is(echo, "content", text(s, "content")) && !is(echo, "id", text(s, "id")));
    CHECK(json_is_true(json_object_get(echo, "reblogged")) && json_is_true(json_object_get(inner, "reblogged"))
          && json_integer_value(json_object_get(inner, "reblogs_count")) == 1);
    json_t *fav = ok(c, api_status_favourite, text(s, "id"), "");
    CHECK(json_is_true(json_object_get(fav, "favourited"))
          && json_integer_value(json_object_get(fav, "favourites_count")) == 1);
    json_t *mark = ok(c, api_status_bookmark, text(s, "id"), "");
    CHECK(json_is_true(json_object_get(mark, "bookmarked")) && json_object_get(mark, "pinned") == NULL);
    json_t *muted = ok(c, api_status_mute, text(s, "id"), "");
    CHECK(json_is_true(json_object_get(muted, "muted")));
    json_t *list = ok(c, api_bookmarks, "", "");
    CHECK(json_array_size(list) == 1);
    json_t *who = ok(c, api_status_reblogged_by, text(s, "id"), "");
    CHECK(json_array_size(who) == 1 && is(json_array_get(who, 0), "acct", "bob"));
    json_t *back = ok(c, api_status_unreblog, text(s, "id"), "");
    CHECK(is(back, "id", text(s, "id")) && json_is_false(json_object_get(back, "reblogged"))
          && json_integer_value(json_object_get(back, "reblogs_count")) == 0);
    c->me = NULL;
    json_t *plain = ok(c, api_status_get, text(s, "id"), "");
    CHECK(json_object_get(plain, "favourited") == NULL
          && json_integer_value(json_object_get(plain, "favourites_count")) == 1);
    json_t *all[] = { s, echo, fav, mark, muted, list, who, back, plain };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        json_decref(all[i]);
}

static bool has_link(const struct http_res *r, const char *part)
{
    size_t at = 0;
    for (const struct http_header_out *h = r->headers; h != NULL; h = h->next)
        if (str_eq(h->name, STR("Link")) && str_find(h->value, str_c(part), &at))
            return true;
    return false;
}

static void threads_and_tags(struct ctx *c, const struct account *ann)
{
    struct http_res r;
    enum err e = OK;
    c->me = ann;
    json_t *root = ok(c, api_status_create, "", "status=root+%23Harbour");
    struct str params = arena_strf(c->arena, "status=leaf+%%23harbour+%%23sea&in_reply_to_id=%s", text(root, "id"));
    json_t *leaf = ok(c, api_status_create, "", arena_cstr(c->arena, params));
    json_t *thread = ok(c, api_status_context, text(root, "id"), "");
    CHECK(json_array_size(json_object_get(thread, "ancestors")) == 0
          && is(json_array_get(json_object_get(thread, "descendants"), 0), "id", text(leaf, "id")));
    CHECK(is(leaf, "in_reply_to_id", text(root, "id"))
          && is(leaf, "in_reply_to_account_id", text(json_object_get(root, "account"), "id")));
    json_t *first = call(c, api_timeline_tag, "HARBOUR", "limit=1&local=true", &r, &e);
    CHECK(json_array_size(first) == 1 && is(json_array_get(first, 0), "id", text(leaf, "id")));
    CHECK(has_link(
        &r,
        arena_cstr(c->arena,
                   arena_strf(c->arena, "<https://harbour.example/api/v1/x?limit=1&local=true&max_id=%s>; rel=\"next\"",
                              text(leaf, "id")))));
    json_t *odd = call(c, api_timeline_tag, "harbour", "limit=1&x=\">,<\xC3\xA9", &r, &e);
    CHECK(has_link(&r, "?limit=1&x=%22%3E,%3C%C3%A9&max_id="));
    json_decref(odd);
    json_t *none = ok(c, api_timeline_tag, "harbour", "none[]=sea");
    CHECK(json_array_size(none) == 1 && is(json_array_get(none, 0), "id", text(root, "id")));
    json_t *all = ok(c, api_timeline_tag, "harbour", "all[]=Sea");
    CHECK(json_array_size(all) == 1 && is(json_array_get(all, 0), "id", text(leaf, "id")));
    json_t *any = ok(c, api_timeline_tag, "sea", "any[]=harbour");
    CHECK(json_array_size(any) == 2);
    json_t *tag = ok(c, api_tag_get, "Harbour", "");
    CHECK(is(tag, "name", "harbour") && json_array_size(json_object_get(tag, "history")) == 7
          && is(json_array_get(json_object_get(tag, "history"), 0), "uses", "2")
          && is(json_array_get(json_object_get(tag, "history"), 0), "accounts", "1"));
    CHECK(refused(c, api_tag_get, "no tag", "") == ERR_NOT_FOUND);
    json_t *made[] = { root, leaf, thread, first, none, all, any, tag };
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        json_decref(made[i]);
}

static void many_by_id(struct ctx *c, const struct account *ann)
{
    c->me = ann;
    json_t *one = ok(c, api_status_create, "", "status=1");
    json_t *two = ok(c, api_status_create, "", "status=2&visibility=direct");
    struct str params = arena_strf(c->arena, "id[]=%s&id[]=77&id[]=%s&id[]=zz", text(two, "id"), text(one, "id"));
    json_t *mine = ok(c, api_statuses_get, "", arena_cstr(c->arena, params));
    CHECK(json_array_size(mine) == 2 && is(json_array_get(mine, 0), "id", text(two, "id")));
    c->me = NULL;
    json_t *theirs = ok(c, api_statuses_get, "", arena_cstr(c->arena, params));
    CHECK(json_array_size(theirs) == 1 && is(json_array_get(theirs, 0), "id", text(one, "id")));
    json_t *made[] = { one, two, mine, theirs };
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        json_decref(made[i]);
}

int main(void)
{
    struct world w;
    world_open(&w);
    const struct account *ann = world_member(&w.c, "ann");
    const struct account *bob = world_member(&w.c, "bob");
    w.c.me = ann;
    a_parley_and_its_redraft(&w.c);
    edits(&w.c);
    what_cannot_be_is_refused(&w.c);
    echoes_and_marks(&w.c, ann, bob);
    threads_and_tags(&w.c, ann);
    many_by_id(&w.c, ann);
    world_close(&w);
    return check_done();
}
