/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/hw.h"
#include "base/limiter.h"
#include "net/http.h"

struct feed_shown;

/* One request of a person's browser on its way through a page. On the stack of the dispatcher; one thread; all text on
   c->arena. */
struct visit {
    struct ctx *c;
    const struct http_req *q; /* with args */
    struct http_res *r;
    struct hw w;          /* the page being written */
    struct str bound_to;  /* what form tokens are bound to: the session, or a cookie that strangers get with a form */
    struct str token;     /* of the forms of this page; p == NULL: no form yet */
    struct str form_goes; /* a further place that a form may lead to, for form-action; p == NULL: none */
    bool secret;          /* shows what no cache may keep */
    const char *script;   /* the one file that may run on the page; NULL: none */
    bool has_news;        /* unread notifications */
    bool has_talks;       /* unread conversations */
    struct feed_shown *shown; /* what the page shows; NULL: it will not be kept */
};

/* OK: v->r is filled. A failure becomes the error page of its kind. */
typedef enum err page_fn(struct visit *v);

/* One row is one address: it exists because its line stands in pages/routes.c. */
enum page_who {
    PAGE_ANYONE,
    PAGE_SIGNED_IN, /* also who is not active yet, or is leaving */
    PAGE_MEMBER,    /* active; others are sent to sign in, or told what is missing */
    PAGE_WRITER,    /* a member who is not frozen, on a server that takes writes */
    PAGE_MODERATOR, /* what they send, only to a server that takes writes */
    PAGE_ADMIN,     /* owners, too */
    PAGE_OWNER,
};

struct page_route {
    enum http_method method;
    enum page_who who;
    const char *path; /* ":x" stands for a part, "@:x" and ":x.atom" for a part that begins or ends so; in q->args */
    enum limit_kind limit;
    uint32_t body_max; /* bytes, or HTTP_BODY_TO_FILE */
    bool form;         /* the form's token is asked for */
    bool in_memory;    /* a file of the program: answered on a loop thread, for anybody */
    page_fn *run;
    bool kept; /* for strangers: from the feed's memory, until anything changes that it shows */
};
/* The row for a request, with q->args filled; NULL: none. */
const struct page_route *page_route_find(struct http_req *q);
size_t page_route_count(void);
const struct page_route *page_route_at(size_t i);

/* --- what pages do with a visit --- */
struct str visit_param(const struct visit *v, const char *name); /* "" when absent */
bool visit_id(const struct visit *v, const char *name, int64_t *out);
enum err visit_arg_id(struct visit *v, int64_t *out) NODISCARD; /* the id in the path; ERR_NOT_FOUND */
/* The page shows this parley or account: it is made anew when that changes. */
void visit_shows(struct visit *v, int64_t id);
/* Any new parley may come to stand on it. */
void visit_shows_list(struct visit *v);
/* 303 to an address of this server. */
enum err visit_go(struct visit *v, struct str path) NODISCARD;
/* 303 to the form's "back", an address of this server, or `otherwise`. */
enum err visit_go_back(struct visit *v, struct str otherwise) NODISCARD;
/* Path and query of this page without the parameters of one moment: where its forms lead back to. */
struct str visit_here(const struct visit *v);
/* An address of this server and no other: begins with one slash, no scheme, no control characters. */
bool visit_is_local(struct str path);
/* A path below this server made relative to it; others stay. */
struct str visit_relative(const struct visit *v, struct str url);
