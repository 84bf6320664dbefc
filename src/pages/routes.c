/* SPDX-License-Identifier: Apache-2.0 */
#include "pages/routes.h"

#include "pages/asset.h"

#define KB 1024U
#define MB (1024U * KB)

/* The feature list of the HTML door. The first row that matches wins. */
/* clang-format off */
static const struct page_route routes[] = {
    /* method  who            path                                limit         body     form   memory handler, kept for strangers */
    { HTTP_GET,  PAGE_ANYONE,   "/",                                LIMIT_API,    0,       false, false, page_landing, true },
    { HTTP_GET,  PAGE_ANYONE,   "/about",                           LIMIT_API,    0,       false, false, page_about },
    { HTTP_GET,  PAGE_ANYONE,   "/rules",                           LIMIT_API,    0,       false, false, page_rules },
    { HTTP_GET,  PAGE_ANYONE,   "/emojis",                          LIMIT_API,    0,       false, false, page_emojis },
    { HTTP_GET,  PAGE_ANYONE,   "/terms",                           LIMIT_API,    0,       false, false, page_terms },
    { HTTP_GET,  PAGE_ANYONE,   "/terms/:date",                     LIMIT_API,    0,       false, false, page_terms_of },
    { HTTP_GET,  PAGE_ANYONE,   "/privacy",                         LIMIT_API,    0,       false, false, page_privacy },

    { HTTP_GET,  PAGE_ANYONE,   "/sign-up",                         LIMIT_API,    0,       false, false, page_sign_up },
    { HTTP_GET,  PAGE_ANYONE,   "/sign-up/:code",                   LIMIT_API,    0,       false, false, page_sign_up },
    { HTTP_POST, PAGE_ANYONE,   "/sign-up",                         LIMIT_API,    16 * KB, true,  false, page_sign_up_send },
    { HTTP_GET,  PAGE_ANYONE,   "/confirm/:secret",                 LIMIT_API,    0,       false, false, page_confirm },
    { HTTP_POST, PAGE_ANYONE,   "/confirm/:secret",                 LIMIT_API,    4 * KB,  true,  false, page_confirm_send },
    { HTTP_GET,  PAGE_ANYONE,   "/setup/:secret",                   LIMIT_API,    0,       false, false, page_setup },
    { HTTP_POST, PAGE_ANYONE,   "/setup/:secret",                   LIMIT_API,    16 * KB, true,  false, page_setup_send },
    { HTTP_GET,  PAGE_SIGNED_IN,"/waiting",                         LIMIT_API,    0,       false, false, page_waiting },
    { HTTP_POST, PAGE_SIGNED_IN,"/waiting",                         LIMIT_API,    4 * KB,  true,  false, page_waiting_send },
    { HTTP_GET,  PAGE_ANYONE,   "/sign-in",                         LIMIT_API,    0,       false, false, page_sign_in },
    { HTTP_POST, PAGE_ANYONE,   "/sign-in",                         LIMIT_API,    16 * KB, true,  false, page_sign_in_send },
    { HTTP_POST, PAGE_ANYONE,   "/sign-in/code",                    LIMIT_API,    16 * KB, true,  false, page_sign_in_code },
    { HTTP_POST, PAGE_ANYONE,   "/sign-in/key",                     LIMIT_API,    16 * KB, true,  false, page_sign_in_key },
    { HTTP_POST, PAGE_ANYONE,   "/sign-in/passkey",                 LIMIT_API,    16 * KB, true,  false, page_passkey_ask },
    { HTTP_POST, PAGE_ANYONE,   "/sign-in/passkey/enter",           LIMIT_API,    16 * KB, true,  false, page_passkey_enter },
    { HTTP_POST, PAGE_SIGNED_IN,"/sign-out",                        LIMIT_API,    4 * KB,  true,  false, page_sign_out },
    { HTTP_GET,  PAGE_ANYONE,   "/reset",                           LIMIT_API,    0,       false, false, page_reset_ask },
    { HTTP_POST, PAGE_ANYONE,   "/reset",                           LIMIT_API,    4 * KB,  true,  false, page_reset_ask_send },
    { HTTP_GET,  PAGE_ANYONE,   "/reset/:secret",                   LIMIT_API,    0,       false, false, page_reset },
    { HTTP_POST, PAGE_ANYONE,   "/reset/:secret",                   LIMIT_API,    4 * KB,  true,  false, page_reset_send },
    { HTTP_GET,  PAGE_ANYONE,   "/email/:secret",                   LIMIT_API,    0,       false, false, page_email },
    { HTTP_POST, PAGE_ANYONE,   "/email/:secret",                   LIMIT_API,    4 * KB,  true,  false, page_email_send },
    { HTTP_GET,  PAGE_ANYONE,   "/oauth/authorize",                 LIMIT_API,    0,       false, false, page_authorize },
    { HTTP_POST, PAGE_MEMBER,   "/oauth/authorize",                 LIMIT_API,    16 * KB, true,  false, page_authorize_send },
    { HTTP_GET,  PAGE_ANYONE,   "/oauth/authorize/native",          LIMIT_API,    0,       false, false, page_authorize_native },

    { HTTP_GET,  PAGE_MEMBER,   "/home",                            LIMIT_API,    0,       false, false, page_home },
    { HTTP_GET,  PAGE_ANYONE,   "/search",                          LIMIT_API,    0,       false, false, page_search },
    { HTTP_GET,  PAGE_ANYONE,   "/local",                           LIMIT_API,    0,       false, false, page_local, true },
    { HTTP_GET,  PAGE_ANYONE,   "/explore",                         LIMIT_API,    0,       false, false, page_explore },
    { HTTP_GET,  PAGE_ANYONE,   "/explore/tags",                    LIMIT_API,    0,       false, false, page_explore_tags },
    { HTTP_GET,  PAGE_ANYONE,   "/explore/links",                   LIMIT_API,    0,       false, false, page_explore_links },
    { HTTP_GET,  PAGE_ANYONE,   "/explore/people",                  LIMIT_API,    0,       false, false, page_explore_people },
    { HTTP_GET,  PAGE_ANYONE,   "/explore/link",                    LIMIT_API,    0,       false, false, page_explore_link },
    { HTTP_GET,  PAGE_ANYONE,   "/tags/:name.atom",                 LIMIT_API,    0,       false, false, page_tag_atom },
    { HTTP_GET,  PAGE_ANYONE,   "/tags/:name",                      LIMIT_API,    0,       false, false, page_tag, true },
    { HTTP_POST, PAGE_WRITER,   "/tags/:name/do",                   LIMIT_API,    4 * KB,  true,  false, page_tag_do },
    { HTTP_GET,  PAGE_MEMBER,   "/lists",                           LIMIT_API,    0,       false, false, page_lists },
    { HTTP_POST, PAGE_WRITER,   "/lists",                           LIMIT_API,    16 * KB, true,  false, page_lists_send },
    { HTTP_GET,  PAGE_MEMBER,   "/lists/:id",                       LIMIT_API,    0,       false, false, page_list },
    { HTTP_GET,  PAGE_MEMBER,   "/lists/:id/people",                LIMIT_API,    0,       false, false, page_list_people },
    { HTTP_GET,  PAGE_MEMBER,   "/lists/:id/edit",                  LIMIT_API,    0,       false, false, page_list_edit },
    { HTTP_POST, PAGE_WRITER,   "/lists/:id/edit",                  LIMIT_API,    16 * KB, true,  false, page_list_edit_send },
    { HTTP_POST, PAGE_WRITER,   "/lists/:id/drop",                  LIMIT_API,    4 * KB,  true,  false, page_list_drop },
    { HTTP_GET,  PAGE_MEMBER,   "/bookmarks",                       LIMIT_API,    0,       false, false, page_bookmarks },
    { HTTP_GET,  PAGE_MEMBER,   "/favourites",                      LIMIT_API,    0,       false, false, page_favourites },
    { HTTP_GET,  PAGE_MEMBER,   "/notifications",                   LIMIT_API,    0,       false, false, page_notices },
    { HTTP_GET,  PAGE_MEMBER,   "/notifications/requests",          LIMIT_API,    0,       false, false, page_hearing },
    { HTTP_POST, PAGE_WRITER,   "/notifications/requests",          LIMIT_API,    4 * KB,  true,  false, page_hearing_send },
    { HTTP_POST, PAGE_WRITER,   "/notifications/requests/decide",   LIMIT_API,    4 * KB,  true,  false, page_hearing_decide },
    { HTTP_GET,  PAGE_MEMBER,   "/conversations",                   LIMIT_API,    0,       false, false, page_conversations },
    { HTTP_GET,  PAGE_MEMBER,   "/conversations/:id",               LIMIT_API,    0,       false, false, page_conversation },
    { HTTP_POST, PAGE_WRITER,   "/conversations/:id/delete",        LIMIT_API,    4 * KB,  true,  false, page_conversation_delete },
    { HTTP_GET,  PAGE_MEMBER,   "/follow_requests",                 LIMIT_API,    0,       false, false, page_follow_requests },
    { HTTP_GET,  PAGE_MEMBER,   "/blocks",                          LIMIT_API,    0,       false, false, page_blocks },
    { HTTP_GET,  PAGE_MEMBER,   "/mutes",                           LIMIT_API,    0,       false, false, page_mutes },
    { HTTP_GET,  PAGE_MEMBER,   "/domain_blocks",                   LIMIT_API,    0,       false, false, page_domain_mutes },
    { HTTP_POST, PAGE_WRITER,   "/domain_blocks",                   LIMIT_API,    4 * KB,  true,  false, page_domain_mutes_send },
    { HTTP_POST, PAGE_WRITER,   "/domain_blocks/remove",            LIMIT_API,    4 * KB,  true,  false, page_domain_mute_remove },
    { HTTP_GET,  PAGE_SIGNED_IN,"/you",                             LIMIT_API,    0,       false, false, page_you },
    { HTTP_GET,  PAGE_SIGNED_IN,"/more",                            LIMIT_API,    0,       false, false, page_more },

    { HTTP_GET,  PAGE_MEMBER,   "/write",                           LIMIT_API,    0,       false, false, page_write },
    { HTTP_POST, PAGE_MEMBER,   "/write",                           LIMIT_POST,   128 * MB, true,  false, page_write_send },
    { HTTP_GET,  PAGE_MEMBER,   "/drafts",                          LIMIT_API,    0,       false, false, page_drafts },
    { HTTP_POST, PAGE_WRITER,   "/drafts/:id/delete",               LIMIT_API,    4 * KB,  true,  false, page_draft_delete },
    { HTTP_GET,  PAGE_MEMBER,   "/scheduled",                       LIMIT_API,    0,       false, false, page_scheduled },
    { HTTP_POST, PAGE_WRITER,   "/scheduled/:id",                   LIMIT_API,    4 * KB,  true,  false, page_scheduled_do },
    { HTTP_GET,  PAGE_MEMBER,   "/withheld/:id/:file",              LIMIT_API,    0,       false, false, page_withheld },
    { HTTP_GET,  PAGE_MEMBER,   "/parleys/:id/policy",              LIMIT_API,    0,       false, false, page_policy },
    { HTTP_POST, PAGE_WRITER,   "/parleys/:id/policy",              LIMIT_API,    4 * KB,  true,  false, page_policy_send },
    { HTTP_GET,  PAGE_MEMBER,   "/parleys/:id/edit",                LIMIT_API,    0,       false, false, page_edit },
    { HTTP_POST, PAGE_MEMBER,   "/parleys/:id/edit",                LIMIT_POST,   128 * MB, true,  false, page_edit_send },
    { HTTP_GET,  PAGE_MEMBER,   "/parleys/:id/delete",              LIMIT_API,    0,       false, false, page_delete },
    { HTTP_POST, PAGE_WRITER,   "/parleys/:id/delete",              LIMIT_DELETE, 4 * KB,  true,  false, page_delete_send },
    { HTTP_POST, PAGE_WRITER,   "/parleys/:id/do",                  LIMIT_API,    4 * KB,  true,  false, page_parley_do },
    { HTTP_POST, PAGE_MEMBER,   "/parleys/:id/translate",           LIMIT_TRANSLATE, 4 * KB, true, false, page_translate },
    { HTTP_POST, PAGE_WRITER,   "/parleys/:id/vote",                LIMIT_API,    4 * KB,  true,  false, page_poll_vote },
    { HTTP_POST, PAGE_WRITER,   "/people/:id/do",                   LIMIT_FOLLOW, 4 * KB,  true,  false, page_person_do },
    { HTTP_GET,  PAGE_MEMBER,   "/people/:id/lists",                LIMIT_API,    0,       false, false, page_person_lists },
    { HTTP_POST, PAGE_WRITER,   "/people/:id/lists",                LIMIT_API,    16 * KB, true,  false, page_person_lists_send },
    { HTTP_GET,  PAGE_MEMBER,   "/people/:id/mute",                 LIMIT_API,    0,       false, false, page_mute },
    { HTTP_POST, PAGE_WRITER,   "/people/:id/mute",                 LIMIT_API,    4 * KB,  true,  false, page_mute_send },

    { HTTP_GET,  PAGE_MEMBER,   "/report",                          LIMIT_API,    0,       false, false, page_report },
    { HTTP_POST, PAGE_MEMBER,   "/report",                          LIMIT_API,    16 * KB, true,  false, page_report_send },
    { HTTP_GET,  PAGE_MODERATOR,"/moderation/reports",              LIMIT_API,    0,       false, false, page_reports },
    { HTTP_GET,  PAGE_MODERATOR,"/moderation/reports/:id",          LIMIT_API,    0,       false, false, page_report_read },
    { HTTP_POST, PAGE_MODERATOR,"/moderation/reports/:id/close",    LIMIT_API,    16 * KB, true,  false, page_report_close },
    { HTTP_GET,  PAGE_MODERATOR,"/moderation/people",               LIMIT_API,    0,       false, false, page_members },
    { HTTP_GET,  PAGE_MODERATOR,"/moderation/people/:id",           LIMIT_API,    0,       false, false, page_standing_member },
    { HTTP_GET,  PAGE_MODERATOR,"/moderation/parleys/:id",          LIMIT_API,    0,       false, false, page_standing_parley },
    { HTTP_POST, PAGE_MODERATOR,"/moderation/people/:id/role",      LIMIT_API,    4 * KB,  true,  false, page_role_send },
    { HTTP_POST, PAGE_MODERATOR,"/moderation/people/:id",           LIMIT_API,    16 * KB, true,  false, page_order_member },
    { HTTP_POST, PAGE_MODERATOR,"/moderation/parleys/:id",          LIMIT_API,    16 * KB, true,  false, page_order_parley },
    { HTTP_GET,  PAGE_MODERATOR,"/moderation/trends",               LIMIT_API,    0,       false, false, page_trends },
    { HTTP_POST, PAGE_MODERATOR,"/moderation/trends",               LIMIT_API,    16 * KB, true,  false, page_trends_send },
    { HTTP_GET,  PAGE_MODERATOR,"/moderation/requests",             LIMIT_API,    0,       false, false, page_requests },
    { HTTP_POST, PAGE_MODERATOR,"/moderation/requests/:id",         LIMIT_API,    4 * KB,  true,  false, page_request_do },

    { HTTP_GET,  PAGE_ADMIN,    "/server",                          LIMIT_API,    0,       false, false, page_server },
    { HTTP_GET,  PAGE_OWNER,    "/community",                       LIMIT_API,    0,       false, false, page_community },
    { HTTP_POST, PAGE_OWNER,    "/community",                       LIMIT_API,    1 * MB,  true,  false, page_community_send },
    { HTTP_GET,  PAGE_OWNER,    "/community/rules",                 LIMIT_API,    0,       false, false, page_community_rules },
    { HTTP_POST, PAGE_OWNER,    "/community/rules",                 LIMIT_API,    1 * MB,  true,  false, page_community_rules_send },
    { HTTP_GET,  PAGE_OWNER,    "/community/terms",                 LIMIT_API,    0,       false, false, page_community_terms },
    { HTTP_POST, PAGE_OWNER,    "/community/terms",                 LIMIT_API,    1 * MB,  true,  false, page_community_terms_send },
    { HTTP_POST, PAGE_OWNER,    "/community/terms/remove",          LIMIT_API,    4 * KB,  true,  false, page_community_terms_remove },
    { HTTP_GET,  PAGE_OWNER,    "/community/mode",                  LIMIT_API,    0,       false, false, page_community_mode },
    { HTTP_POST, PAGE_OWNER,    "/community/mode",                  LIMIT_API,    16 * KB, true,  false, page_community_mode_send },

    { HTTP_GET,  PAGE_OWNER,    "/community/announcements",         LIMIT_API,    0,       false, false, page_announcements },
    { HTTP_POST, PAGE_OWNER,    "/community/announcements",         LIMIT_API,    64 * KB, true,  false, page_announcements_send },
    { HTTP_GET,  PAGE_OWNER,    "/community/announcements/:id",     LIMIT_API,    0,       false, false, page_announcement },
    { HTTP_POST, PAGE_OWNER,    "/community/announcements/:id",     LIMIT_API,    64 * KB, true,  false, page_announcement_send },
    { HTTP_POST, PAGE_OWNER,    "/community/announcements/:id/remove",LIMIT_API,  4 * KB,  true,  false, page_announcement_remove },
    { HTTP_GET,  PAGE_OWNER,    "/community/emojis",                LIMIT_API,    0,       false, false, page_emojis_own },
    { HTTP_POST, PAGE_OWNER,    "/community/emojis",                LIMIT_UPLOAD, 1 * MB,  true,  false, page_emojis_send },
    { HTTP_POST, PAGE_OWNER,    "/community/emojis/:code",          LIMIT_API,    4 * KB,  true,  false, page_emoji_do },
    { HTTP_POST, PAGE_WRITER,   "/announcements/:id",               LIMIT_API,    4 * KB,  true,  false, page_announcement_do },

    { HTTP_GET,  PAGE_ANYONE,   "/settings",                        LIMIT_API,    0,       false, false, page_settings },
    { HTTP_GET,  PAGE_ANYONE,   "/.well-known/change-password",     LIMIT_API,    0,       false, false, page_change_password },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/profile",                LIMIT_API,    0,       false, false, page_settings_profile },
    { HTTP_POST, PAGE_WRITER,   "/settings/profile",                LIMIT_UPLOAD, 17 * MB, true,  false, page_settings_profile_send },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/account",                LIMIT_API,    0,       false, false, page_settings_account },
    { HTTP_POST, PAGE_MEMBER,   "/settings/account/password",       LIMIT_API,    16 * KB, true,  false, page_settings_password },
    { HTTP_POST, PAGE_WRITER,   "/settings/account/email",          LIMIT_API,    16 * KB, true,  false, page_settings_email },
    { HTTP_POST, PAGE_WRITER,   "/settings/account/leave",          LIMIT_API,    16 * KB, true,  false, page_settings_leave },
    { HTTP_POST, PAGE_SIGNED_IN,"/settings/account/keep",           LIMIT_API,    4 * KB,  true,  false, page_keep },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/filters",                LIMIT_API,    0,       false, false, page_filters },
    { HTTP_POST, PAGE_WRITER,   "/settings/filters",                LIMIT_API,    64 * KB, true,  false, page_filters_send },
    { HTTP_POST, PAGE_WRITER,   "/settings/filters/delete",         LIMIT_API,    4 * KB,  true,  false, page_filter_delete },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/filters/:id",            LIMIT_API,    0,       false, false, page_filter },
    { HTTP_POST, PAGE_WRITER,   "/settings/filters/:id",            LIMIT_API,    64 * KB, true,  false, page_filter_send },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/sessions",               LIMIT_API,    0,       false, false, page_sessions },
    { HTTP_POST, PAGE_MEMBER,   "/settings/sessions/others",        LIMIT_API,    4 * KB,  true,  false, page_sessions_end },
    { HTTP_POST, PAGE_MEMBER,   "/settings/sessions/:id/end",       LIMIT_API,    4 * KB,  true,  false, page_session_end },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/two_factor",             LIMIT_API,    0,       false, false, page_two_factor },
    { HTTP_POST, PAGE_MEMBER,   "/settings/two_factor",             LIMIT_API,    16 * KB, true,  false, page_two_factor_begin },
    { HTTP_POST, PAGE_MEMBER,   "/settings/two_factor/enable",      LIMIT_API,    16 * KB, true,  false, page_two_factor_enable },
    { HTTP_POST, PAGE_MEMBER,   "/settings/two_factor/renew",       LIMIT_API,    16 * KB, true,  false, page_two_factor_renew },
    { HTTP_POST, PAGE_MEMBER,   "/settings/passkeys",               LIMIT_API,    16 * KB, true,  false, page_passkey_begin },
    { HTTP_POST, PAGE_MEMBER,   "/settings/passkeys/add",           LIMIT_API,    32 * KB, true,  false, page_passkey_add },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/passkeys/:id",           LIMIT_API,    0,       false, false, page_passkey },
    { HTTP_POST, PAGE_MEMBER,   "/settings/passkeys/:id/rename",    LIMIT_API,    4 * KB,  true,  false, page_passkey_rename },
    { HTTP_POST, PAGE_MEMBER,   "/settings/passkeys/:id/remove",    LIMIT_API,    16 * KB, true,  false, page_passkey_remove },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/invites",                LIMIT_API,    0,       false, false, page_invites },
    { HTTP_POST, PAGE_WRITER,   "/settings/invites",                LIMIT_API,    4 * KB,  true,  false, page_invites_send },
    { HTTP_POST, PAGE_MEMBER,   "/settings/invites/delete",         LIMIT_API,    4 * KB,  true,  false, page_invite_delete },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/transfer",               LIMIT_API,    0,       false, false, page_transfer },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/transfer/csv/:file",     LIMIT_API,    0,       false, false, page_transfer_csv },
    { HTTP_POST, PAGE_MEMBER,   "/settings/transfer/archive",       LIMIT_API,    4 * KB,  true,  false, page_archive_send },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/transfer/archives/:id.zip", LIMIT_API, 0,       false, false, page_archive },
    { HTTP_POST, PAGE_WRITER,   "/settings/transfer/list",          LIMIT_API,    5 * MB,  true,  false, page_transfer_list_send },
    { HTTP_POST, PAGE_WRITER,   "/settings/transfer/moves",         LIMIT_API,    16 * KB, true, false, page_moves_send },
    { HTTP_POST, PAGE_WRITER,   "/settings/transfer/parleys",       LIMIT_API,    HTTP_BODY_TO_FILE, true, false, page_transfer_archive_send },
    { HTTP_GET,  PAGE_MEMBER,   "/settings/transfer/imports/:id",   LIMIT_API,    0,       false, false, page_import },
    { HTTP_POST, PAGE_WRITER,   "/settings/transfer/imports/:id",   LIMIT_API,    4 * KB,  true,  false, page_import_send },

    { HTTP_GET,  PAGE_ANYONE,   "/assets/:file",                    LIMIT_API,    0,       false, true,  page_asset },
    { HTTP_GET,  PAGE_ANYONE,   "/favicon.svg",                     LIMIT_API,    0,       false, true,  page_favicon },
    { HTTP_GET,  PAGE_ANYONE,   "/favicon.ico",                     LIMIT_API,    0,       false, true,  page_favicon },
    { HTTP_GET,  PAGE_ANYONE,   "/robots.txt",                      LIMIT_API,    0,       false, true,  page_robots },

    { HTTP_GET,  PAGE_ANYONE,   "/@:name.atom",                     LIMIT_API,    0,       false, false, page_profile_atom },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name",                          LIMIT_API,    0,       false, false, page_profile, true },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/with_replies",             LIMIT_API,    0,       false, false, page_profile_replies },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/media",                    LIMIT_API,    0,       false, false, page_profile_media },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/tagged/:tag",              LIMIT_API,    0,       false, false, page_profile_tagged },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/followers",                LIMIT_API,    0,       false, false, page_followers },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/recommends",               LIMIT_API,    0,       false, false, page_recommends },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/following",                LIMIT_API,    0,       false, false, page_following },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/:id",                      LIMIT_API,    0,       false, false, page_parley, true },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/:id/history",              LIMIT_API,    0,       false, false, page_history },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/:id/favourites",           LIMIT_API,    0,       false, false, page_favourited_by },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/:id/quotes",               LIMIT_API,    0,       false, false, page_quotes },
    { HTTP_GET,  PAGE_ANYONE,   "/@:name/:id/echoes",               LIMIT_API,    0,       false, false, page_echoed_by },
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
