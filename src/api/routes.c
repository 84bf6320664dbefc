/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes.h"

#include "api/route.h"

#define KB 1024U
#define MB (1024U * KB)

/* The feature list of the JSON door. Sorted by resource; the first row that matches wins. */
/* clang-format off */
static const struct route routes[] = {
    /* method      path                                       who            scope                       limit        body     memory  handler */
    { HTTP_GET,    "/api/v1/streaming/health",                WHO_ANYONE,    SCOPE_NONE,                 LIMIT_API,   0,       true,   api_streaming_health },
    { HTTP_GET,    "/api/v1/custom_emojis",                   WHO_ANYONE,    SCOPE_NONE,                 LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v1/announcements",                   WHO_MEMBER,    SCOPE_NONE,                 LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v1/lists",                           WHO_MEMBER,    SCOPE_READ_LISTS,           LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v1/filters",                         WHO_MEMBER,    SCOPE_READ_FILTERS,         LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v2/filters",                         WHO_MEMBER,    SCOPE_READ_FILTERS,         LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v1/followed_tags",                   WHO_MEMBER,    SCOPE_READ_FOLLOWS,         LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v1/conversations",                   WHO_MEMBER,    SCOPE_READ_STATUSES,        LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v1/scheduled_statuses",              WHO_MEMBER,    SCOPE_READ_STATUSES,        LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v1/endorsements",                    WHO_MEMBER,    SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v1/featured_tags",                   WHO_MEMBER,    SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_GET,    "/api/v1/domain_blocks",                   WHO_MEMBER,    SCOPE_READ_BLOCKS,          LIMIT_API,   0,       true,   api_empty_list },
    { HTTP_POST,     "/api/v1/statuses",                        WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_POST,  64*KB,  false,  api_status_create },
    { HTTP_GET,      "/api/v1/statuses",                        WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_statuses_get },
    { HTTP_GET,      "/api/v1/statuses/:id",                    WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_status_get },
    { HTTP_PUT,      "/api/v1/statuses/:id",                    WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_POST,  64*KB,  false,  api_status_edit },
    { HTTP_DELETE,   "/api/v1/statuses/:id",                    WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_DELETE, 4*KB,   false,  api_status_delete },
    { HTTP_GET,      "/api/v1/statuses/:id/context",            WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_status_context },
    { HTTP_GET,      "/api/v1/statuses/:id/history",            WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_status_history },
    { HTTP_GET,      "/api/v1/statuses/:id/source",             WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_status_source },
    { HTTP_GET,      "/api/v1/statuses/:id/favourited_by",      WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_status_favourited_by },
    { HTTP_GET,      "/api/v1/statuses/:id/reblogged_by",       WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_status_reblogged_by },
    { HTTP_POST,     "/api/v1/statuses/:id/favourite",          WHO_WRITER,   SCOPE_WRITE_FAVOURITES,     LIMIT_API,   4*KB,   false,  api_status_favourite },
    { HTTP_POST,     "/api/v1/statuses/:id/unfavourite",        WHO_WRITER,   SCOPE_WRITE_FAVOURITES,     LIMIT_API,   4*KB,   false,  api_status_unfavourite },
    { HTTP_POST,     "/api/v1/statuses/:id/reblog",             WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_POST,  4*KB,   false,  api_status_reblog },
    { HTTP_POST,     "/api/v1/statuses/:id/unreblog",           WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_DELETE, 4*KB,   false,  api_status_unreblog },
    { HTTP_POST,     "/api/v1/statuses/:id/bookmark",           WHO_WRITER,   SCOPE_WRITE_BOOKMARKS,      LIMIT_API,   4*KB,   false,  api_status_bookmark },
    { HTTP_POST,     "/api/v1/statuses/:id/unbookmark",         WHO_WRITER,   SCOPE_WRITE_BOOKMARKS,      LIMIT_API,   4*KB,   false,  api_status_unbookmark },
    { HTTP_POST,     "/api/v1/statuses/:id/pin",                WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_status_pin },
    { HTTP_POST,     "/api/v1/statuses/:id/unpin",              WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_status_unpin },
    { HTTP_POST,     "/api/v1/statuses/:id/mute",               WHO_WRITER,   SCOPE_WRITE_MUTES,          LIMIT_API,   4*KB,   false,  api_status_mute },
    { HTTP_POST,     "/api/v1/statuses/:id/unmute",             WHO_WRITER,   SCOPE_WRITE_MUTES,          LIMIT_API,   4*KB,   false,  api_status_unmute },
    { HTTP_GET,      "/api/v1/accounts/:id/statuses",           WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_account_statuses },
    { HTTP_GET,      "/api/v1/bookmarks",                       WHO_MEMBER,   SCOPE_READ_BOOKMARKS,       LIMIT_API,   0,      false,  api_bookmarks },
    { HTTP_GET,      "/api/v1/favourites",                      WHO_MEMBER,   SCOPE_READ_FAVOURITES,      LIMIT_API,   0,      false,  api_favourites },
    { HTTP_GET,      "/api/v1/timelines/tag/:hashtag",          WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_timeline_tag },
    { HTTP_GET,      "/api/v1/tags/:name",                      WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_tag_get },
};
/* clang-format on */

size_t route_count(void)
{
    return sizeof routes / sizeof routes[0];
}

const struct route *route_at(size_t i)
{
    return &routes[i];
}

static bool same_method(enum http_method row, enum http_method asked)
{
    if (row == asked || (row == HTTP_GET && asked == HTTP_HEAD))
        return true;
    return (row == HTTP_PUT && asked == HTTP_PATCH) || (row == HTTP_PATCH && asked == HTTP_PUT);
}

/* Compares part by part; what stands for ':name' goes to args. */
static bool match(const char *pattern, struct str path, struct str *args)
{
    struct str want = str_c(pattern);
    struct str w = { 0 };
    struct str p = { 0 };
    size_t n = 0;
    for (;;) {
        bool more_w = str_cut(&want, '/', &w);
        bool more_p = str_cut(&path, '/', &p);
        if (!more_w || !more_p)
            return more_w == more_p;
        if (w.n > 0 && w.p[0] == ':') {
            if (p.n == 0 || n == HTTP_ARGS_MAX)
                return false;
            args[n++] = p;
        } else if (!str_eq(w, p)) {
            return false;
        }
    }
}

const struct route *route_find(struct http_req *q, bool *other_method)
{
    *other_method = false;
    for (size_t i = 0; i < route_count(); i++) {
        struct str args[HTTP_ARGS_MAX] = { 0 };
        if (!match(routes[i].path, q->path, args))
            continue;
        if (!same_method(routes[i].method, q->method)) {
            *other_method = true;
            continue;
        }
        memcpy(q->args, args, sizeof args);
        return &routes[i];
    }
    return NULL;
}
