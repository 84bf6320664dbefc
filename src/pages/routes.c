/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/routes.h"

#include "pages/asset.h"

#define KB 1024U
#define MB (1024U * KB)

/* The feature list of the HTML door. The first row that matches wins. */
/* clang-format off */
static const struct page_route routes[] = {
    /* method    path                           who              form   limit      body     memory handler */
    { HTTP_GET,  "/",                           PAGE_ANYONE,     false, LIMIT_API, 0,       false, page_landing },
    { HTTP_GET,  "/about",                      PAGE_ANYONE,     false, LIMIT_API, 0,       false, page_about },
    { HTTP_GET,  "/rules",                      PAGE_ANYONE,     false, LIMIT_API, 0,       false, page_rules },
    { HTTP_GET,  "/privacy",                    PAGE_ANYONE,     false, LIMIT_API, 0,       false, page_privacy },

    { HTTP_GET,  "/assets/:file",               PAGE_ANYONE,     false, LIMIT_API, 0,       true,  page_asset },
    { HTTP_GET,  "/favicon.svg",                PAGE_ANYONE,     false, LIMIT_API, 0,       true,  page_favicon },
    { HTTP_GET,  "/favicon.ico",                PAGE_ANYONE,     false, LIMIT_API, 0,       true,  page_favicon },
    { HTTP_GET,  "/robots.txt",                 PAGE_ANYONE,     false, LIMIT_API, 0,       true,  page_robots },
};
/* clang-format on */

/* One part of the path: text before ':', the name, text from the first '.' on. False: they differ. */
static bool match_part(struct str want, struct str part, struct str *arg, bool *is_arg)
{
    size_t at = 0;
    *is_arg = str_find(want, STR(":"), &at);
    if (!*is_arg)
        return str_eq(want, part);
    struct str before = str_head(want, at);
    struct str after = { 0 };
    size_t dot = 0;
    if (str_find(want, STR("."), &dot))
        after = str_skip(want, dot);
    if (part.n <= before.n + after.n || !str_starts(part, before) || !str_ends(part, after))
        return false;
    *arg = str_head(str_skip(part, before.n), part.n - before.n - after.n);
    return true;
}

static bool match(const char *pattern, struct str path, struct str *args)
{
    struct str want = str_c(pattern);
    struct str w = { 0 };
    struct str p = { 0 };
    size_t n = 0;
    while (str_cut(&want, '/', &w)) {
        bool is_arg = false;
        if (!str_cut(&path, '/', &p) || n == HTTP_ARGS_MAX || !match_part(w, p, &args[n], &is_arg))
            return false;
        n += is_arg ? 1 : 0;
    }
    return !str_cut(&path, '/', &p);
}

const struct page_route *page_route_find(struct http_req *q)
{
    enum http_method method = q->method == HTTP_HEAD ? HTTP_GET : q->method;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        struct str args[HTTP_ARGS_MAX] = { 0 };
        if (routes[i].method != method || !match(routes[i].path, q->path, args))
            continue;
        memcpy(q->args, args, sizeof args);
        return &routes[i];
    }
    return NULL;
}
