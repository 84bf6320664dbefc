/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes.h"

#include "api/route.h"

#define KB 1024U
#define MB (1024U * KB)

/* The feature list of the JSON door. Sorted by resource; the first row that matches wins. */
/* clang-format off */
static const struct route routes[] = {
    /* method      path                                       who            scope                       limit        body     memory  handler */
    /* asked for most: found first, answered from memory */
    { HTTP_GET,    "/api/v1/timelines/home",                  WHO_MEMBER,    SCOPE_READ_STATUSES,        LIMIT_API,   0,       true,   api_timeline_home },
    { HTTP_GET,    "/api/v1/timelines/public",                WHO_ANYONE,    SCOPE_READ_STATUSES,        LIMIT_API,   0,       true,   api_timeline_public },
    { HTTP_GET,    "/health",                                 WHO_ANYONE,    SCOPE_NONE,                 LIMIT_KINDS, 0,       true,   api_health },
    { HTTP_GET,    "/ready",                                  WHO_ANYONE,    SCOPE_NONE,                 LIMIT_KINDS, 0,       true,   api_ready },
    { HTTP_GET,    "/metrics",                                WHO_MONITOR,   SCOPE_NONE,                 LIMIT_KINDS, 0,       true,   api_metrics },
    { HTTP_GET,    "/api/v1/streaming/health",                WHO_ANYONE,    SCOPE_NONE,                 LIMIT_API,   0,       true,   api_streaming_health },
    { HTTP_GET,    "/api/v1/streaming",                       WHO_MEMBER,    SCOPE_NONE,                 LIMIT_API,   4*KB,    false,  api_streaming },
    { HTTP_GET,    "/api/v1/streaming/:stream",               WHO_MEMBER,    SCOPE_NONE,                 LIMIT_API,   4*KB,    false,  api_streaming },
    { HTTP_GET,    "/api/v1/streaming/:stream/:part",         WHO_MEMBER,    SCOPE_NONE,                 LIMIT_API,   4*KB,    false,  api_streaming },
    { HTTP_GET,    "/api/v1/custom_emojis",                   WHO_ANYONE,    SCOPE_NONE,                 LIMIT_API,   0,       true,   api_custom_emojis },
    { HTTP_GET,    "/api/v1/announcements",                   WHO_MEMBER,    SCOPE_NONE,                 LIMIT_API,   0,       false,  api_announcements },
    { HTTP_POST,   "/api/v1/announcements/:id/dismiss",       WHO_WRITER,    SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,    false,  api_announcement_dismiss },
    { HTTP_PUT,    "/api/v1/announcements/:id/reactions/:name", WHO_WRITER,  SCOPE_WRITE_FAVOURITES,     LIMIT_API,   4*KB,    false,  api_announcement_react },
    { HTTP_DELETE, "/api/v1/announcements/:id/reactions/:name", WHO_WRITER,  SCOPE_WRITE_FAVOURITES,     LIMIT_API,   4*KB,    false,  api_announcement_unreact },
    { HTTP_GET,    "/api/v1/conversations",                   WHO_MEMBER,    SCOPE_READ_STATUSES,        LIMIT_API,   0,       false,  api_conversations },
    { HTTP_DELETE, "/api/v1/conversations/:id",               WHO_WRITER,    SCOPE_WRITE_CONVERSATIONS,  LIMIT_API,   4*KB,    false,  api_conversation_delete },
    { HTTP_POST,   "/api/v1/conversations/:id/read",          WHO_WRITER,    SCOPE_WRITE_CONVERSATIONS,  LIMIT_API,   4*KB,    false,  api_conversation_read },
    { HTTP_GET,    "/api/v1/timelines/direct",                WHO_MEMBER,    SCOPE_READ_STATUSES,        LIMIT_API,   0,       false,  api_timeline_direct },
    { HTTP_GET,    "/api/v1/endorsements",                    WHO_MEMBER,    SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,       false,  api_endorsements },
    { HTTP_GET,    "/api/v1/domain_blocks",                   WHO_MEMBER,    SCOPE_READ_BLOCKS,          LIMIT_API,   0,       false,  api_domain_mutes },
    { HTTP_GET,    "/api/v1/domain_blocks/preview",           WHO_MEMBER,    SCOPE_READ_BLOCKS,          LIMIT_API,   0,       true,   api_domain_mute_preview },
    { HTTP_POST,   "/api/v1/domain_blocks",                   WHO_WRITER,    SCOPE_WRITE_BLOCKS,         LIMIT_API,   4*KB,    false,  api_domain_mute_add },
    { HTTP_DELETE, "/api/v1/domain_blocks",                   WHO_WRITER,    SCOPE_WRITE_BLOCKS,         LIMIT_API,   4*KB,    false,  api_domain_mute_remove },
    { HTTP_GET,      "/api/v2/search",                           WHO_ANYONE,   SCOPE_READ_SEARCH,          LIMIT_API,   0,      false,  api_search },
    { HTTP_GET,      "/api/v1/search",                           WHO_ANYONE,   SCOPE_READ_SEARCH,          LIMIT_API,   0,      false,  api_search },
    { HTTP_GET,      "/api/v1/accounts/search",                  WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_accounts_search },
    { HTTP_GET,      "/api/v1/accounts/relationships",           WHO_MEMBER,   SCOPE_READ_FOLLOWS,         LIMIT_API,   16*KB,  false,  api_relationships },
    { HTTP_GET,      "/api/v1/accounts/familiar_followers",      WHO_MEMBER,   SCOPE_READ_FOLLOWS,         LIMIT_API,   16*KB,  false,  api_familiar_followers },
    { HTTP_GET,      "/api/v1/accounts/:id/followers",           WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_followers },
    { HTTP_GET,      "/api/v1/accounts/:id/following",           WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_following },
    { HTTP_POST,     "/api/v1/accounts/:id/follow",              WHO_WRITER,   SCOPE_WRITE_FOLLOWS,        LIMIT_FOLLOW,4*KB,   false,  api_follow },
    { HTTP_POST,     "/api/v1/accounts/:id/unfollow",            WHO_WRITER,   SCOPE_WRITE_FOLLOWS,        LIMIT_API,   4*KB,   false,  api_unfollow },
    { HTTP_POST,     "/api/v1/accounts/:id/remove_from_followers",WHO_WRITER,   SCOPE_WRITE_FOLLOWS,        LIMIT_API,   4*KB,   false,  api_remove_from_followers },
    { HTTP_POST,     "/api/v1/accounts/:id/block",               WHO_WRITER,   SCOPE_WRITE_BLOCKS,         LIMIT_API,   4*KB,   false,  api_block },
    { HTTP_POST,     "/api/v1/accounts/:id/unblock",             WHO_WRITER,   SCOPE_WRITE_BLOCKS,         LIMIT_API,   4*KB,   false,  api_unblock },
    { HTTP_POST,     "/api/v1/accounts/:id/mute",                WHO_WRITER,   SCOPE_WRITE_MUTES,          LIMIT_API,   4*KB,   false,  api_mute },
    { HTTP_POST,     "/api/v1/accounts/:id/unmute",              WHO_WRITER,   SCOPE_WRITE_MUTES,          LIMIT_API,   4*KB,   false,  api_unmute },
    { HTTP_POST,     "/api/v1/accounts/:id/endorse",             WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_endorse },
    { HTTP_POST,     "/api/v1/accounts/:id/unendorse",           WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_unendorse },
    { HTTP_POST,     "/api/v1/accounts/:id/pin",                 WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_endorse },
    { HTTP_POST,     "/api/v1/accounts/:id/unpin",               WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_unendorse },
    { HTTP_GET,      "/api/v1/accounts/:id/endorsements",        WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_account_endorsements },
    { HTTP_POST,     "/api/v1/accounts/:id/note",                WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   64*KB,  false,  api_account_note },
    { HTTP_GET,      "/api/v1/blocks",                           WHO_MEMBER,   SCOPE_READ_BLOCKS,          LIMIT_API,   0,      false,  api_blocks },
    { HTTP_GET,      "/api/v1/mutes",                            WHO_MEMBER,   SCOPE_READ_MUTES,           LIMIT_API,   0,      false,  api_mutes },
    { HTTP_GET,      "/api/v1/follow_requests",                  WHO_MEMBER,   SCOPE_READ_FOLLOWS,         LIMIT_API,   0,      false,  api_follow_requests },
    { HTTP_POST,     "/api/v1/follow_requests/:account_id/authorize",WHO_WRITER,   SCOPE_WRITE_FOLLOWS,        LIMIT_API,   4*KB,   false,  api_follow_request_authorize },
    { HTTP_POST,     "/api/v1/follow_requests/:account_id/reject",WHO_WRITER,   SCOPE_WRITE_FOLLOWS,        LIMIT_API,   4*KB,   false,  api_follow_request_reject },
    { HTTP_GET,      "/api/v1/notifications",                    WHO_MEMBER,   SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notifications },
    { HTTP_GET,      "/api/v1/notifications/unread_count",       WHO_MEMBER,   SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notifications_unread },
    { HTTP_POST,     "/api/v1/notifications/clear",              WHO_WRITER,   SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   4*KB,   false,  api_notifications_clear },
    { HTTP_POST,     "/api/v1/notifications/dismiss",            WHO_WRITER,   SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   4*KB,   false,  api_notification_dismiss },
    { HTTP_GET,       "/api/v2/notifications",                   WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notification_groups },
    { HTTP_GET,       "/api/v2/notifications/unread_count",      WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notification_groups_unread },
    { HTTP_GET,       "/api/v2/notifications/policy",            WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_policy_get },
    { HTTP_PATCH,     "/api/v2/notifications/policy",            WHO_WRITER,    SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   4*KB,   false,  api_policy_set },
    { HTTP_GET,       "/api/v2_alpha/notifications",             WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notification_groups },
    { HTTP_GET,       "/api/v2_alpha/notifications/unread_count", WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notification_groups_unread },
    { HTTP_GET,       "/api/v2_alpha/notifications/:group_key",  WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notification_group },
    { HTTP_POST,      "/api/v2_alpha/notifications/:group_key/dismiss", WHO_WRITER, SCOPE_WRITE_NOTIFICATIONS, LIMIT_API, 4*KB,   false,  api_notification_group_dismiss },
    { HTTP_GET,       "/api/v2/notifications/:group_key",        WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notification_group },
    { HTTP_GET,       "/api/v2/notifications/:group_key/accounts", WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notification_group_accounts },
    { HTTP_POST,      "/api/v2/notifications/:group_key/dismiss", WHO_WRITER,    SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   4*KB,   false,  api_notification_group_dismiss },
    { HTTP_GET,       "/api/v1/notifications/policy",            WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_policy_get_v1 },
    { HTTP_PUT,       "/api/v1/notifications/policy",            WHO_WRITER,    SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   4*KB,   false,  api_policy_set_v1 },
    { HTTP_GET,       "/api/v1/notifications/requests",          WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_requests },
    { HTTP_GET,       "/api/v1/notifications/requests/merged",   WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_requests_merged },
    { HTTP_POST,      "/api/v1/notifications/requests/accept",   WHO_WRITER,    SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   16*KB,  false,  api_requests_accept },
    { HTTP_POST,      "/api/v1/notifications/requests/dismiss",  WHO_WRITER,    SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   16*KB,  false,  api_requests_dismiss },
    { HTTP_GET,       "/api/v1/notifications/requests/:id",      WHO_MEMBER,    SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_request_get },
    { HTTP_POST,      "/api/v1/notifications/requests/:id/accept", WHO_WRITER,    SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   4*KB,   false,  api_request_accept },
    { HTTP_POST,      "/api/v1/notifications/requests/:id/dismiss", WHO_WRITER,    SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   4*KB,   false,  api_request_dismiss },
    { HTTP_GET,      "/api/v1/notifications/:id",                WHO_MEMBER,   SCOPE_READ_NOTIFICATIONS,   LIMIT_API,   0,      false,  api_notification_get },
    { HTTP_POST,     "/api/v1/notifications/:id/dismiss",        WHO_WRITER,   SCOPE_WRITE_NOTIFICATIONS,  LIMIT_API,   4*KB,   false,  api_notification_dismiss },
    { HTTP_POST,     "/api/v1/push/subscription",                WHO_WRITER,   SCOPE_PUSH,                 LIMIT_API,   16*KB,  false,  api_push_create },
    { HTTP_GET,      "/api/v1/push/subscription",                WHO_MEMBER,   SCOPE_PUSH,                 LIMIT_API,   0,      false,  api_push_get },
    { HTTP_PUT,      "/api/v1/push/subscription",                WHO_WRITER,   SCOPE_PUSH,                 LIMIT_API,   16*KB,  false,  api_push_change },
    { HTTP_DELETE,   "/api/v1/push/subscription",                WHO_WRITER,   SCOPE_PUSH,                 LIMIT_API,   4*KB,   false,  api_push_delete },
    { HTTP_GET,      "/api/v1/markers",                          WHO_MEMBER,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_markers_get },
    { HTTP_POST,     "/api/v1/markers",                          WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_API,   4*KB,   false,  api_markers_set },
    { HTTP_POST,     "/api/v1/reports",                          WHO_WRITER,   SCOPE_WRITE_REPORTS,        LIMIT_REPORT,64*KB,  false,  api_report_create },
    { HTTP_POST,     "/api/v1/statuses",                        WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_POST,  64*KB,  false,  api_status_create },
    { HTTP_GET,      "/api/v1/statuses",                        WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_statuses_get },
    { HTTP_GET,      "/api/v1/statuses/:id",                    WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      true,   api_status_get },
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
    { HTTP_POST,     "/api/v1/statuses/:id/translate",          WHO_MEMBER,   SCOPE_READ_STATUSES,        LIMIT_TRANSLATE, 4*KB, false, api_status_translate },
    { HTTP_GET,      "/api/v1/accounts/:id/statuses",           WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_account_statuses },
    { HTTP_GET,      "/api/v1/statuses/:id/card",               WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_status_card },
    { HTTP_GET,      "/api/v1/statuses/:id/quotes",             WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_status_quotes },
    { HTTP_POST,     "/api/v1/statuses/:id/quotes/:quoting_id/revoke", WHO_WRITER, SCOPE_WRITE_STATUSES, LIMIT_API,  4*KB,   false,  api_quote_revoke },
    { HTTP_PUT,      "/api/v1/statuses/:id/interaction_policy", WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_API,   4*KB,   false,  api_status_policy },
    { HTTP_GET,      "/api/v1/scheduled_statuses",              WHO_MEMBER,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_scheduled },
    { HTTP_GET,      "/api/v1/scheduled_statuses/:id",          WHO_MEMBER,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_scheduled_get },
    { HTTP_PUT,      "/api/v1/scheduled_statuses/:id",          WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_API,   4*KB,   false,  api_scheduled_move },
    { HTTP_DELETE,   "/api/v1/scheduled_statuses/:id",          WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_API,   4*KB,   false,  api_scheduled_delete },
    { HTTP_GET,      "/api/parley/v1/export/following_accounts.csv",   WHO_MEMBER,   SCOPE_READ_FOLLOWS,   LIMIT_API,   0,      false,  api_export_csv },
    { HTTP_GET,      "/api/parley/v1/export/muted_accounts.csv",       WHO_MEMBER,   SCOPE_READ_MUTES,     LIMIT_API,   0,      false,  api_export_csv },
    { HTTP_GET,      "/api/parley/v1/export/blocked_accounts.csv",     WHO_MEMBER,   SCOPE_READ_BLOCKS,    LIMIT_API,   0,      false,  api_export_csv },
    { HTTP_GET,      "/api/parley/v1/export/blocked_domains.csv",      WHO_MEMBER,   SCOPE_READ_BLOCKS,    LIMIT_API,   0,      false,  api_export_csv },
    { HTTP_GET,      "/api/parley/v1/export/bookmarks.csv",            WHO_MEMBER,   SCOPE_READ_BOOKMARKS, LIMIT_API,   0,      false,  api_export_csv },
    { HTTP_GET,      "/api/parley/v1/export/lists.csv",                WHO_MEMBER,   SCOPE_READ_LISTS,     LIMIT_API,   0,      false,  api_export_csv },
    { HTTP_GET,      "/api/parley/v1/moves",                    WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_moves },
    { HTTP_PUT,      "/api/parley/v1/moves",                    WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   16*KB,  false,  api_moves_set },
    { HTTP_GET,      "/api/parley/v1/accounts/:id/moves",       WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_account_moves },
    { HTTP_GET,      "/api/parley/v1/imports",                  WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_imports },
    { HTTP_POST,     "/api/parley/v1/imports",                  WHO_WRITER,   SCOPE_WRITE_ALL,            LIMIT_API,   5*MB,   false,  api_import_create },
    { HTTP_POST,     "/api/parley/v1/imports/archive",          WHO_WRITER,   SCOPE_WRITE_ALL,            LIMIT_API,   HTTP_BODY_TO_FILE, false,  api_import_archive },
    { HTTP_POST,     "/api/parley/v1/imports/:id/undo",         WHO_WRITER,   SCOPE_WRITE_ALL,            LIMIT_API,   4*KB,   false,  api_import_undo },
    { HTTP_GET,      "/api/parley/v1/imports/:id",              WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_import_get },
    { HTTP_DELETE,   "/api/parley/v1/imports/:id",              WHO_WRITER,   SCOPE_WRITE_ALL,            LIMIT_API,   4*KB,   false,  api_import_delete },
    { HTTP_GET,      "/api/parley/v1/archives",                 WHO_MEMBER,   SCOPE_READ_ALL,             LIMIT_API,   0,      false,  api_archives },
    { HTTP_POST,     "/api/parley/v1/archives",                 WHO_MEMBER,   SCOPE_READ_ALL,             LIMIT_API,   4*KB,   false,  api_archive_create },
    { HTTP_GET,      "/api/parley/v1/archives/:id",             WHO_MEMBER,   SCOPE_READ_ALL,             LIMIT_API,   0,      false,  api_archive_get },
    { HTTP_GET,      "/api/parley/v1/archives/:id/file",        WHO_MEMBER,   SCOPE_READ_ALL,             LIMIT_API,   0,      false,  api_archive_file },
    { HTTP_DELETE,   "/api/parley/v1/archives/:id",             WHO_MEMBER,   SCOPE_READ_ALL,             LIMIT_API,   4*KB,   false,  api_archive_delete },
    { HTTP_GET,      "/api/parley/v1/drafts",                   WHO_MEMBER,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_drafts },
    { HTTP_POST,     "/api/parley/v1/drafts",                   WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_API,   64*KB,  false,  api_draft_create },
    { HTTP_GET,      "/api/parley/v1/drafts/:id",               WHO_MEMBER,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_draft_get },
    { HTTP_PUT,      "/api/parley/v1/drafts/:id",               WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_API,   64*KB,  false,  api_draft_save },
    { HTTP_DELETE,   "/api/parley/v1/drafts/:id",               WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_API,   4*KB,   false,  api_draft_delete },
    { HTTP_GET,      "/api/v1/polls/:id",                       WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_poll_get },
    { HTTP_POST,     "/api/v1/polls/:id/votes",                 WHO_WRITER,   SCOPE_WRITE_STATUSES,       LIMIT_API,   4*KB,   false,  api_poll_vote },
    { HTTP_GET,      "/api/v1/bookmarks",                       WHO_MEMBER,   SCOPE_READ_BOOKMARKS,       LIMIT_API,   0,      false,  api_bookmarks },
    { HTTP_GET,      "/api/v1/favourites",                      WHO_MEMBER,   SCOPE_READ_FAVOURITES,      LIMIT_API,   0,      false,  api_favourites },
    { HTTP_GET,       "/api/v2/filters/keywords/:id",            WHO_MEMBER,   SCOPE_READ_FILTERS,         LIMIT_API,   0,      false,  api_filter_keyword_get },
    { HTTP_PUT,       "/api/v2/filters/keywords/:id",            WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_keyword_update },
    { HTTP_DELETE,    "/api/v2/filters/keywords/:id",            WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_keyword_delete },
    { HTTP_GET,       "/api/v2/filters/statuses/:id",            WHO_MEMBER,   SCOPE_READ_FILTERS,         LIMIT_API,   0,      false,  api_filter_status_get },
    { HTTP_DELETE,    "/api/v2/filters/statuses/:id",            WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_status_delete },
    { HTTP_GET,       "/api/v2/filters",                         WHO_MEMBER,   SCOPE_READ_FILTERS,         LIMIT_API,   0,      false,  api_filters },
    { HTTP_POST,      "/api/v2/filters",                         WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_create },
    { HTTP_GET,       "/api/v2/filters/:id",                     WHO_MEMBER,   SCOPE_READ_FILTERS,         LIMIT_API,   0,      false,  api_filter_get },
    { HTTP_PUT,       "/api/v2/filters/:id",                     WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_update },
    { HTTP_DELETE,    "/api/v2/filters/:id",                     WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_delete },
    { HTTP_GET,       "/api/v2/filters/:id/keywords",            WHO_MEMBER,   SCOPE_READ_FILTERS,         LIMIT_API,   0,      false,  api_filter_keywords },
    { HTTP_POST,      "/api/v2/filters/:id/keywords",            WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_keyword_add },
    { HTTP_GET,       "/api/v2/filters/:id/statuses",            WHO_MEMBER,   SCOPE_READ_FILTERS,         LIMIT_API,   0,      false,  api_filter_statuses },
    { HTTP_POST,      "/api/v2/filters/:id/statuses",            WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_status_add },
    { HTTP_GET,       "/api/v1/filters",                         WHO_MEMBER,   SCOPE_READ_FILTERS,         LIMIT_API,   0,      false,  api_filters_v1 },
    { HTTP_POST,      "/api/v1/filters",                         WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_v1_create },
    { HTTP_GET,       "/api/v1/filters/:id",                     WHO_MEMBER,   SCOPE_READ_FILTERS,         LIMIT_API,   0,      false,  api_filter_v1_get },
    { HTTP_PUT,       "/api/v1/filters/:id",                     WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_v1_update },
    { HTTP_DELETE,    "/api/v1/filters/:id",                     WHO_WRITER,   SCOPE_WRITE_FILTERS,        LIMIT_API,   64*KB,  false,  api_filter_v1_delete },
    { HTTP_GET,      "/api/v1/timelines/list/:id",              WHO_MEMBER,   SCOPE_READ_LISTS,           LIMIT_API,   0,      true,   api_timeline_list },
    { HTTP_GET,      "/api/v1/lists",                           WHO_MEMBER,   SCOPE_READ_LISTS,           LIMIT_API,   0,      false,  api_lists },
    { HTTP_POST,     "/api/v1/lists",                           WHO_WRITER,   SCOPE_WRITE_LISTS,          LIMIT_API,   16*KB,  false,  api_list_create },
    { HTTP_GET,      "/api/v1/lists/:id",                       WHO_MEMBER,   SCOPE_READ_LISTS,           LIMIT_API,   0,      false,  api_list_get },
    { HTTP_PUT,      "/api/v1/lists/:id",                       WHO_WRITER,   SCOPE_WRITE_LISTS,          LIMIT_API,   16*KB,  false,  api_list_update },
    { HTTP_DELETE,   "/api/v1/lists/:id",                       WHO_WRITER,   SCOPE_WRITE_LISTS,          LIMIT_API,   4*KB,   false,  api_list_delete },
    { HTTP_GET,      "/api/v1/lists/:id/accounts",              WHO_MEMBER,   SCOPE_READ_LISTS,           LIMIT_API,   0,      false,  api_list_accounts },
    { HTTP_POST,     "/api/v1/lists/:id/accounts",              WHO_WRITER,   SCOPE_WRITE_LISTS,          LIMIT_API,   64*KB,  false,  api_list_accounts_add },
    { HTTP_DELETE,   "/api/v1/lists/:id/accounts",              WHO_WRITER,   SCOPE_WRITE_LISTS,          LIMIT_API,   64*KB,  false,  api_list_accounts_drop },
    { HTTP_GET,      "/api/v1/accounts/:id/lists",              WHO_MEMBER,   SCOPE_READ_LISTS,           LIMIT_API,   0,      false,  api_account_lists },
    { HTTP_GET,      "/api/v1/timelines/tag/:hashtag",          WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_timeline_tag },
    { HTTP_GET,      "/api/v1/timelines/link",                  WHO_ANYONE,   SCOPE_READ_STATUSES,        LIMIT_API,   0,      false,  api_timeline_link },
    { HTTP_GET,      "/api/v1/trends",                          WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_trends_tags },
    { HTTP_GET,      "/api/v1/trends/tags",                     WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_trends_tags },
    { HTTP_GET,      "/api/v1/trends/statuses",                 WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_trends_statuses },
    { HTTP_GET,      "/api/v1/trends/links",                    WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_trends_links },
    { HTTP_GET,      "/api/v2/suggestions",                     WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_suggestions },
    { HTTP_GET,      "/api/v1/suggestions",                     WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_suggestions_v1 },
    { HTTP_DELETE,   "/api/v1/suggestions/:id",                 WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_suggestion_dismiss },
    { HTTP_GET,      "/api/v1/directory",                       WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_directory },
    { HTTP_GET,      "/api/v1/tags/:name",                      WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_tag_get },
    { HTTP_POST,      "/api/v1/tags/:name/follow",               WHO_WRITER,   SCOPE_WRITE_FOLLOWS,        LIMIT_API,   4*KB,   false,  api_tag_follow },
    { HTTP_POST,      "/api/v1/tags/:name/unfollow",             WHO_WRITER,   SCOPE_WRITE_FOLLOWS,        LIMIT_API,   4*KB,   false,  api_tag_unfollow },
    { HTTP_POST,      "/api/v1/tags/:name/feature",              WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_tag_feature },
    { HTTP_POST,      "/api/v1/tags/:name/unfeature",            WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_tag_unfeature },
    { HTTP_GET,       "/api/v1/followed_tags",                   WHO_MEMBER,   SCOPE_READ_FOLLOWS,         LIMIT_API,   0,      false,  api_followed_tags },
    { HTTP_GET,       "/api/v1/featured_tags",                   WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_featured_tags },
    { HTTP_POST,      "/api/v1/featured_tags",                   WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_featured_tag_add },
    { HTTP_GET,       "/api/v1/featured_tags/suggestions",       WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_featured_tag_suggestions },
    { HTTP_DELETE,    "/api/v1/featured_tags/:id",               WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_featured_tag_delete },
    { HTTP_GET,       "/api/v1/accounts/:id/featured_tags",      WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_account_featured_tags },
    { HTTP_POST,     "/api/v1/apps",                            WHO_PUBLIC_WRITER, SCOPE_NONE,           LIMIT_APP_ADDRESS, 64*KB, false, api_app_create },
    { HTTP_GET,      "/api/v1/apps/verify_credentials",         WHO_APP,      SCOPE_NONE,                 LIMIT_API,   0,      false,  api_app_verify },
    { HTTP_POST,     "/oauth/token",                            WHO_PUBLIC_WRITER, SCOPE_NONE,           LIMIT_API,   64*KB,  false,  api_oauth_token },
    { HTTP_POST,     "/oauth/revoke",                           WHO_PUBLIC_WRITER, SCOPE_NONE,           LIMIT_API,   64*KB,  false,  api_oauth_revoke },
    { HTTP_GET,      "/oauth/userinfo",                         WHO_MEMBER,   SCOPE_PROFILE,              LIMIT_API,   0,      false,  api_oauth_userinfo },
    { HTTP_POST,     "/oauth/userinfo",                         WHO_MEMBER,   SCOPE_PROFILE,              LIMIT_API,   4*KB,   false,  api_oauth_userinfo },
    { HTTP_GET,      "/.well-known/oauth-authorization-server", WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_oauth_metadata },
    { HTTP_GET,      "/.well-known/host-meta",                  WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_host_meta },
    { HTTP_GET,      "/.well-known/nodeinfo",                   WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_nodeinfo_links },
    { HTTP_GET,      "/nodeinfo/2.0",                           WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_nodeinfo },
    { HTTP_GET,      "/api/oembed",                             WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_oembed },
    { HTTP_GET,      "/api/v1/instance",                        WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_instance_v1 },
    { HTTP_GET,      "/api/v2/instance",                        WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_instance_v2 },
    { HTTP_GET,      "/api/v1/instance/rules",                  WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_instance_rules },
    { HTTP_GET,      "/api/v1/instance/extended_description",   WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_instance_about },
    { HTTP_GET,      "/api/v1/instance/privacy_policy",         WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_instance_privacy },
    { HTTP_GET,      "/api/v1/instance/languages",              WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_instance_languages },
    { HTTP_GET,      "/api/v1/instance/translation_languages",  WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_instance_translations },
    { HTTP_GET,      "/api/v1/instance/peers",                  WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_empty_list },
    { HTTP_GET,      "/api/v1/instance/activity",               WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_instance_activity },
    { HTTP_GET,      "/api/v1/instance/terms_of_service",       WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_instance_terms },
    { HTTP_GET,      "/api/v1/instance/terms_of_service/:date", WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      false,  api_instance_terms_of },
    { HTTP_GET,      "/api/v1/instance/domain_blocks",          WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_empty_list },
    { HTTP_POST,     "/api/v2/media",                            WHO_WRITER,   SCOPE_WRITE_MEDIA,          LIMIT_API,   128*MB, false,  api_media_create },
    { HTTP_POST,     "/api/v1/media",                            WHO_WRITER,   SCOPE_WRITE_MEDIA,          LIMIT_API,   128*MB, false,  api_media_create_v1 },
    { HTTP_GET,      "/api/v1/media/:id",                        WHO_MEMBER,   SCOPE_WRITE_MEDIA,          LIMIT_API,   0,      false,  api_media_get },
    { HTTP_PUT,      "/api/v1/media/:id",                        WHO_WRITER,   SCOPE_WRITE_MEDIA,          LIMIT_API,   24*MB,  false,  api_media_edit },
    { HTTP_DELETE,   "/api/v1/media/:id",                        WHO_WRITER,   SCOPE_WRITE_MEDIA,          LIMIT_API,   4*KB,   false,  api_media_delete },
    { HTTP_GET,      "/media/header.png",                       WHO_ANYONE,   SCOPE_NONE,                 LIMIT_FILE_ADDRESS, 0, true,  api_media_header },
    { HTTP_GET,      "/media/avatar/:file",                     WHO_ANYONE,   SCOPE_NONE,                 LIMIT_FILE_ADDRESS, 0, true,  api_media_avatar },
    { HTTP_GET,      "/media/:folder/:file",                    WHO_ANYONE,   SCOPE_NONE,                 LIMIT_FILE_ADDRESS, 0, false, api_media_file },
    { HTTP_GET,      "/withheld/:id/:file",                     WHO_MEMBER,   SCOPE_READ_STATUSES,        LIMIT_FILE_ADDRESS, 0, false, api_media_withheld },
    { HTTP_GET,      "/api/v1/preferences",                     WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_preferences },
    { HTTP_POST,     "/api/v1/emails/confirmations",            WHO_APP,      SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_confirmation_send },
    { HTTP_GET,      "/api/v1/profile",                         WHO_MEMBER,   SCOPE_PROFILE,              LIMIT_API,   0,      false,  api_profile_get },
    { HTTP_PATCH,    "/api/v1/profile",                         WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   18*MB,  false,  api_profile_set },
    { HTTP_DELETE,   "/api/v1/profile/avatar",                  WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_avatar_delete },
    { HTTP_DELETE,   "/api/v1/profile/header",                  WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   4*KB,   false,  api_header_delete },
    { HTTP_POST,     "/api/v1/accounts",                        WHO_APP,      SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   64*KB,  false,  api_account_create },
    { HTTP_GET,      "/api/v1/accounts",                        WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_accounts_get },
    { HTTP_GET,      "/api/v1/accounts/:id/identity_proofs",    WHO_MEMBER,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_identity_proofs },
    { HTTP_GET,      "/api/v1_alpha/async_refreshes/:id",       WHO_MEMBER,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_async_refresh },
    { HTTP_GET,      "/api/proofs",                             WHO_ANYONE,   SCOPE_NONE,                 LIMIT_API,   0,      true,   api_proofs },
    { HTTP_GET,      "/api/v1/accounts/lookup",                 WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      false,  api_account_lookup },
    { HTTP_GET,      "/api/v1/accounts/verify_credentials",     WHO_MEMBER,   SCOPE_PROFILE,              LIMIT_API,   0,      true,   api_account_verify },
    { HTTP_PATCH,    "/api/v1/accounts/update_credentials",     WHO_WRITER,   SCOPE_WRITE_ACCOUNTS,       LIMIT_API,   18*MB,  false,  api_account_update },
    /* matches any other last part: rows above win */
    { HTTP_GET,      "/api/v1/accounts/:id",                    WHO_ANYONE,   SCOPE_READ_ACCOUNTS,        LIMIT_API,   0,      true,   api_account_get },
};
/* clang-format on */

static bool same_method(enum http_method row, enum http_method asked)
{
    if (row == asked || (row == HTTP_GET && asked == HTTP_HEAD))
        return true;
    return (row == HTTP_PUT && asked == HTTP_PATCH) || (row == HTTP_PATCH && asked == HTTP_PUT);
}

/* What stands for ':name', one part and not empty, goes to args. Most rows differ within a few bytes. */
static bool match(const char *w, struct str path, struct str *args)
{
    size_t at = 0;
    size_t n = 0;
    while (*w != '\0') {
        if (*w != ':') {
            if (at >= path.n || path.p[at++] != *w++)
                return false;
            continue;
        }
        size_t from = at;
        while (at < path.n && path.p[at] != '/')
            at++;
        if (at == from || n == HTTP_ARGS_MAX)
            return false;
        args[n++] = (struct str){ path.p + from, at - from };
        while (*w != '\0' && *w != '/')
            w++;
    }
    return at == path.n;
}

const struct route *route_find(struct http_req *q, bool *other_method)
{
    *other_method = false;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
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
