/* SPDX-License-Identifier: Apache-2.0 */
/* The HTML door through its dispatcher, without sockets: who may open which row, forms without a token, error pages,
   addresses that lead away. */
#include "pages/pages.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "core/auth.h"
#include "core/status.h"
#include "net/headers.h"
#include "pages/visit.h"
#include "world.h"

struct reply {
    int status;
    struct http_res res;
};

/* `cookie`: of a session, or NULL. */
static struct reply call(struct ctx *c, enum http_method m, const char *path, const char *cookie, const char *params)
{
    struct http_param *list = NULL;
    struct http_header_in one = { STR("cookie"), { 0 } };
    struct http_headers headers = { .v = &one, .n = cookie == NULL ? 0 : 1 };
    struct http_req q = { .arena = c->arena, .method = m, .path = str_c(path), .query = str_c(params) };
    struct reply r = { .res = { .arena = c->arena } };
    if (cookie != NULL)
        one.value = arena_strf(c->arena, "__Host-parley=%s", cookie);
    q.headers = &headers;
    q.target = q.path;
    (void)http_parse_query(c->arena, str_c(params), &list, &q.params_n);
    q.params = list;
    c->now_ms += 5;
    c->me = NULL;
    c->session = NULL;
    c->fields = NULL;
    c->says = (struct str){ 0 };
    c->retry_after_s = 0;
    pages_dispatch(c, &q, &r.res);
    r.status = r.res.status;
    return r;
}

static struct str header(const struct reply *r, const char *name)
{
    for (const struct http_header_out *h = r->res.headers; h != NULL; h = h->next)
        if (str_eq_nocase(h->name, str_c(name)))
            return h->value;
    return (struct str){ 0 };
}

static bool says(const struct reply *r, const char *what)
{
    size_t at = 0;
    return str_find(r->res.body, str_c(what), &at);
}

static const char *session(struct ctx *c, const struct account *a)
{
    struct str secret = { 0 };
    c->me = NULL;
    if (auth_open(c, a, STR("test"), &secret) != OK)
        abort();
    return arena_cstr(c->arena, secret);
}

/* "/@:name/:id" -> "/@1/1" */
static const char *example(struct ctx *c, const char *pattern)
{
    struct buf b = buf_on(c->arena);
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p != ':') {
            buf_putc(&b, *p);
            continue;
        }
        buf_putc(&b, '1');
        while (p[1] != '\0' && p[1] != '/' && p[1] != '.')
            p++;
    }
    return arena_cstr(c->arena, buf_str(&b));
}

static void doors_are_closed_to_strangers(struct ctx *c)
{
    int rows = 0;
    for (size_t i = 0; i < page_route_count(); i++) {
        const struct page_route *rt = page_route_at(i);
        if (rt->who == PAGE_ANYONE)
            continue;
        struct reply r = call(c, rt->method, example(c, rt->path), NULL, "");
        bool sent_away = r.status == 303 && str_starts(header(&r, "Location"), STR("/sign-in"));
        if (!sent_away)
            (void)printf("%s: %d\n", rt->path, r.status);
        CHECK(sent_away);
        rows++;
    }
    CHECK(rows > 40);
}

static void doors_of_moderators_are_not_there_for_members(struct ctx *c, const char *member)
{
    int rows = 0;
    for (size_t i = 0; i < page_route_count(); i++) {
        const struct page_route *rt = page_route_at(i);
        if (rt->who < PAGE_MODERATOR)
            continue;
        struct reply r = call(c, rt->method, example(c, rt->path), member, "");
        CHECK(r.status == 404);
        rows++;
    }
    CHECK(rows > 4);
}

static void forms_want_their_token(struct ctx *c, const char *member)
{
    int rows = 0;
    for (size_t i = 0; i < page_route_count(); i++) {
        const struct page_route *rt = page_route_at(i);
        CHECK((rt->method == HTTP_POST) == rt->form);
        if (!rt->form || rt->who >= PAGE_MODERATOR)
            continue;
        struct reply r = call(c, rt->method, example(c, rt->path), member, "token=AAAA&text=forged&do=follow");
        if (r.status != 403)
            (void)printf("%s: %d " STR_FMT "\n", rt->path, r.status, STR_ARG(header(&r, "Location")));
        CHECK(r.status == 403);
        rows++;
    }
    CHECK(rows > 20);
}

static void every_page_says_what_may_run(struct ctx *c, const char *member)
{
    for (size_t i = 0; i < page_route_count(); i++) {
        const struct page_route *rt = page_route_at(i);
        if (rt->method != HTTP_GET || rt->in_memory)
            continue;
        struct reply r = call(c, HTTP_GET, example(c, rt->path), member, "");
        if (!str_starts(r.res.type, STR("text/html")))
            continue;
        CHECK(r.status != 500);
        CHECK(str_starts(header(&r, "Content-Security-Policy"), STR("default-src 'none'")));
        CHECK(header(&r, "X-Content-Type-Options").n > 0);
        CHECK(!says(&r, " style=\"") && !says(&r, "javascript:"));
    }
}

static void what_members_write_is_text(struct ctx *c, const struct account *ada, const char *member)
{
    struct status *s = NULL;
    const struct status_draft d = { .text = STR("<script>alert(1)</script> \"><img src=x>"),
                                    .spoiler = STR("</title><b onclick=x>"),
                                    .visibility = VIS_PUBLIC };
    c->me = ada;
    CHECK(status_publish(c, &d, &s) == OK);
    const char *path = arena_strf(c->arena, "/@ada/%lld", (long long)s->id).p;
    struct reply r = call(c, HTTP_GET, path, member, "");
    CHECK(r.status == 200);
    CHECK(!says(&r, "<script>") && !says(&r, "<img src=x") && !says(&r, "<b onclick"));
    CHECK(says(&r, "&lt;script&gt;"));
    r = call(c, HTTP_GET, path, NULL, ""); /* with what search engines read */
    CHECK(says(&r, "application/ld+json") && !says(&r, "<b onclick"));
    r = call(c, HTTP_GET, "/search", member, "q=%3Cscript%3E");
    CHECK(r.status == 200 && !says(&r, "<script>"));
    r = call(c, HTTP_GET, "/oauth/authorize/native", NULL, "code=%3Cscript%3E");
    CHECK(r.status == 200 && !says(&r, "<script>"));
}

static void errors_need_no_store(struct ctx *c)
{
    static const int all[] = { 400, 403, 404, 408, 410, 413, 414, 429, 431, 500, 503, 507 };
    struct db *db = c->db;
    c->db = NULL;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct reply r = { .res = { .arena = c->arena } };
        c->says = (struct str){ 0 };
        c->retry_after_s = all[i] == 429 ? 90 : 0;
        pages_refuse(c, all[i], &r.res);
        CHECK(r.res.status == all[i]);
        CHECK(says(&r, "<h1") && says(&r, arena_strf(c->arena, "Error %d", all[i]).p));
        CHECK((header(&r, "Retry-After").n > 0) == (all[i] == 429 || all[i] == 503));
        CHECK(all[i] != 429 || says(&r, "90 seconds"));
    }
    c->db = db;
}

static void addresses_stay_here(void)
{
    static const struct {
        const char *path;
        bool local;
    } cases[] = {
        { "/", true },
        { "/home?x=1#p1", true },
        { "", false },
        { "home", false },
        { "//evil", false },
        { "/\\evil", false },
        { "https://evil", false },
        { "/a\r\nb", false },
        { "/a b", false },
        { "/@ada/12#p12", true },
        { "\t/x", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(visit_is_local(str_c(cases[i].path)) == cases[i].local);
}

static void rows_are_found(struct ctx *c)
{
    struct http_req q = { .arena = c->arena, .method = HTTP_GET, .path = STR("/@ada.atom") };
    CHECK(page_route_find(&q) != NULL && str_eq(q.args[0], STR("ada")));
    q.path = STR("/@ada/123");
    q.method = HTTP_HEAD;
    CHECK(page_route_find(&q) != NULL && str_eq(q.args[0], STR("ada")) && str_eq(q.args[1], STR("123")));
    q.path = STR("/@");
    CHECK(page_route_find(&q) == NULL);
    q.path = STR("/tags/");
    CHECK(page_route_find(&q) == NULL);
    CHECK(pages_body_limit(HTTP_GET, STR("/write")) == 0);
    CHECK(pages_body_limit(HTTP_POST, STR("/write")) >= 16384);
}

int main(void)
{
    struct world w;
    world_open(&w);
    struct ctx *c = &w.c;
    struct account *ada = world_member(c, "ada");
    const char *member = session(c, ada);

    addresses_stay_here();
    rows_are_found(c);
    errors_need_no_store(c);
    doors_are_closed_to_strangers(c);
    doors_of_moderators_are_not_there_for_members(c, member);
    every_page_says_what_may_run(c, member);
    what_members_write_is_text(c, ada, member);
    forms_want_their_token(c, member);
    world_close(&w);
    return check_done();
}
