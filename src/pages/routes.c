/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/routes.h"

#include "pages/asset.h"

#define KB 1024U
#define MB (1024U * KB)

/* The feature list of the HTML door. The first row that matches wins. */
/* clang-format off */
static const struct page_route routes[] = {
    /* method  path                                who            form   limit         body     memory handler */
    { HTTP_GET, "/",                                PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_landing },
    { HTTP_GET, "/about",                           PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_about },
    { HTTP_GET, "/rules",                           PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_rules },
    { HTTP_GET, "/privacy",                         PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_privacy },

    { HTTP_GET, "/sign-up",                         PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_sign_up },
    { HTTP_GET, "/sign-up/:code",                   PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_sign_up },
    { HTTP_POST,"/sign-up",                         PAGE_ANYONE,   true,  LIMIT_API,    16 * KB, false, page_sign_up_send },
    { HTTP_GET, "/confirm/:secret",                 PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_confirm },
    { HTTP_POST,"/confirm/:secret",                 PAGE_ANYONE,   true,  LIMIT_API,    4 * KB,  false, page_confirm_send },
    { HTTP_GET, "/setup/:secret",                   PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_setup },
    { HTTP_POST,"/setup/:secret",                   PAGE_ANYONE,   true,  LIMIT_API,    16 * KB, false, page_setup_send },
    { HTTP_GET, "/waiting",                         PAGE_SIGNED_IN,false, LIMIT_API,    0,       false, page_waiting },
    { HTTP_POST,"/waiting",                         PAGE_SIGNED_IN,true,  LIMIT_API,    4 * KB,  false, page_waiting_send },
    { HTTP_GET, "/sign-in",                         PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_sign_in },
    { HTTP_POST,"/sign-in",                         PAGE_ANYONE,   true,  LIMIT_API,    16 * KB, false, page_sign_in_send },
    { HTTP_POST,"/sign-in/code",                    PAGE_ANYONE,   true,  LIMIT_API,    16 * KB, false, page_sign_in_code },
    { HTTP_POST,"/sign-out",                        PAGE_SIGNED_IN,true,  LIMIT_API,    4 * KB,  false, page_sign_out },
    { HTTP_GET, "/reset",                           PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_reset_ask },
    { HTTP_POST,"/reset",                           PAGE_ANYONE,   true,  LIMIT_API,    4 * KB,  false, page_reset_ask_send },
    { HTTP_GET, "/reset/:secret",                   PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_reset },
    { HTTP_POST,"/reset/:secret",                   PAGE_ANYONE,   true,  LIMIT_API,    4 * KB,  false, page_reset_send },
    { HTTP_GET, "/email/:secret",                   PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_email },
    { HTTP_POST,"/email/:secret",                   PAGE_ANYONE,   true,  LIMIT_API,    4 * KB,  false, page_email_send },
    { HTTP_GET, "/oauth/authorize",                 PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_authorize },
    { HTTP_POST,"/oauth/authorize",                 PAGE_MEMBER,   true,  LIMIT_API,    16 * KB, false, page_authorize_send },
    { HTTP_GET, "/oauth/authorize/native",          PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_authorize_native },

    { HTTP_GET, "/home",                            PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_home },
    { HTTP_GET, "/search",                          PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_search },
    { HTTP_GET, "/local",                           PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_local },
    { HTTP_GET, "/tags/:name.atom",                 PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_tag_atom },
    { HTTP_GET, "/tags/:name",                      PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_tag },
    { HTTP_GET, "/bookmarks",                       PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_bookmarks },
    { HTTP_GET, "/favourites",                      PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_favourites },
    { HTTP_GET, "/notifications",                   PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_notices },
    { HTTP_GET, "/follow_requests",                 PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_follow_requests },
    { HTTP_GET, "/blocks",                          PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_blocks },
    { HTTP_GET, "/mutes",                           PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_mutes },
    { HTTP_GET, "/you",                             PAGE_SIGNED_IN,false, LIMIT_API,    0,       false, page_you },
    { HTTP_GET, "/more",                            PAGE_SIGNED_IN,false, LIMIT_API,    0,       false, page_more },

    { HTTP_GET, "/write",                           PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_write },
    { HTTP_POST,"/write",                           PAGE_MEMBER,   true,  LIMIT_POST,   64 * KB, false, page_write_send },
    { HTTP_GET, "/parleys/:id/edit",                PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_edit },
    { HTTP_POST,"/parleys/:id/edit",                PAGE_MEMBER,   true,  LIMIT_POST,   64 * KB, false, page_edit_send },
    { HTTP_GET, "/parleys/:id/delete",              PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_delete },
    { HTTP_POST,"/parleys/:id/delete",              PAGE_WRITER,   true,  LIMIT_DELETE, 4 * KB,  false, page_delete_send },
    { HTTP_POST,"/parleys/:id/do",                  PAGE_WRITER,   true,  LIMIT_API,    4 * KB,  false, page_parley_do },
    { HTTP_POST,"/people/:id/do",                   PAGE_WRITER,   true,  LIMIT_FOLLOW, 4 * KB,  false, page_person_do },
    { HTTP_GET, "/people/:id/mute",                 PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_mute },
    { HTTP_POST,"/people/:id/mute",                 PAGE_WRITER,   true,  LIMIT_API,    4 * KB,  false, page_mute_send },

    { HTTP_GET, "/report",                          PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_report },
    { HTTP_POST,"/report",                          PAGE_MEMBER,   true,  LIMIT_API,    16 * KB, false, page_report_send },
    { HTTP_GET, "/moderation/reports",              PAGE_MODERATOR,false, LIMIT_API,    0,       false, page_reports },
    { HTTP_GET, "/moderation/reports/:id",          PAGE_MODERATOR,false, LIMIT_API,    0,       false, page_report_read },
    { HTTP_POST,"/moderation/reports/:id/close",    PAGE_MODERATOR,true,  LIMIT_API,    16 * KB, false, page_report_close },
    { HTTP_POST,"/moderation/people/:id",           PAGE_MODERATOR,true,  LIMIT_API,    16 * KB, false, page_order_member },
    { HTTP_POST,"/moderation/parleys/:id",          PAGE_MODERATOR,true,  LIMIT_API,    16 * KB, false, page_order_parley },
    { HTTP_GET, "/moderation/requests",             PAGE_MODERATOR,false, LIMIT_API,    0,       false, page_requests },
    { HTTP_POST,"/moderation/requests/:id",         PAGE_MODERATOR,true,  LIMIT_API,    4 * KB,  false, page_request_do },

    { HTTP_GET, "/settings/profile",                PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_settings_profile },
    { HTTP_POST,"/settings/profile",                PAGE_WRITER,   true,  LIMIT_UPLOAD, 17 * MB, false, page_settings_profile_send },
    { HTTP_GET, "/settings/account",                PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_settings_account },
    { HTTP_POST,"/settings/account/password",       PAGE_MEMBER,   true,  LIMIT_API,    16 * KB, false, page_settings_password },
    { HTTP_POST,"/settings/account/email",          PAGE_WRITER,   true,  LIMIT_API,    16 * KB, false, page_settings_email },
    { HTTP_POST,"/settings/account/leave",          PAGE_WRITER,   true,  LIMIT_API,    16 * KB, false, page_settings_leave },
    { HTTP_POST,"/settings/account/keep",           PAGE_SIGNED_IN,true,  LIMIT_API,    4 * KB,  false, page_keep },
    { HTTP_GET, "/settings/sessions",               PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_sessions },
    { HTTP_POST,"/settings/sessions/others",        PAGE_MEMBER,   true,  LIMIT_API,    4 * KB,  false, page_sessions_end },
    { HTTP_POST,"/settings/sessions/:id/end",       PAGE_MEMBER,   true,  LIMIT_API,    4 * KB,  false, page_session_end },
    { HTTP_GET, "/settings/two_factor",             PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_two_factor },
    { HTTP_POST,"/settings/two_factor",             PAGE_MEMBER,   true,  LIMIT_API,    16 * KB, false, page_two_factor_begin },
    { HTTP_POST,"/settings/two_factor/enable",      PAGE_MEMBER,   true,  LIMIT_API,    16 * KB, false, page_two_factor_enable },
    { HTTP_POST,"/settings/two_factor/renew",       PAGE_MEMBER,   true,  LIMIT_API,    16 * KB, false, page_two_factor_renew },
    { HTTP_GET, "/settings/invites",                PAGE_MEMBER,   false, LIMIT_API,    0,       false, page_invites },
    { HTTP_POST,"/settings/invites",                PAGE_WRITER,   true,  LIMIT_API,    4 * KB,  false, page_invites_send },
    { HTTP_POST,"/settings/invites/delete",         PAGE_MEMBER,   true,  LIMIT_API,    4 * KB,  false, page_invite_delete },

    { HTTP_GET, "/assets/:file",                    PAGE_ANYONE,   false, LIMIT_API,    0,       true,  page_asset },
    { HTTP_GET, "/favicon.svg",                     PAGE_ANYONE,   false, LIMIT_API,    0,       true,  page_favicon },
    { HTTP_GET, "/favicon.ico",                     PAGE_ANYONE,   false, LIMIT_API,    0,       true,  page_favicon },
    { HTTP_GET, "/robots.txt",                      PAGE_ANYONE,   false, LIMIT_API,    0,       true,  page_robots },

    { HTTP_GET, "/@:name.atom",                     PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_profile_atom },
    { HTTP_GET, "/@:name",                          PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_profile },
    { HTTP_GET, "/@:name/with_replies",             PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_profile_replies },
    { HTTP_GET, "/@:name/media",                    PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_profile_media },
    { HTTP_GET, "/@:name/followers",                PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_followers },
    { HTTP_GET, "/@:name/following",                PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_following },
    { HTTP_GET, "/@:name/:id",                      PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_parley },
    { HTTP_GET, "/@:name/:id/history",              PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_history },
    { HTTP_GET, "/@:name/:id/favourites",           PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_favourited_by },
    { HTTP_GET, "/@:name/:id/echoes",               PAGE_ANYONE,   false, LIMIT_API,    0,       false, page_echoed_by },
};
/* clang-format on */

size_t page_route_count(void)
{
    return sizeof routes / sizeof routes[0];
}

const struct page_route *page_route_at(size_t i)
{
    return &routes[i];
}

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
