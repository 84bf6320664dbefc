/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/route.h"

/* The handlers, by file. */

/* api/empty.c: what is asked at every start and is honestly empty here */
handler_fn api_empty_list;
handler_fn api_timeline_link;
handler_fn api_trends_tags;
handler_fn api_trends_statuses;
handler_fn api_trends_links;
handler_fn api_suggestions;
handler_fn api_suggestions_v1;
handler_fn api_suggestion_dismiss;
handler_fn api_directory;
handler_fn api_instance_terms;
handler_fn api_instance_terms_of;
handler_fn api_instance_activity;

/* api/push.c */
handler_fn api_push_create;
handler_fn api_push_get;
handler_fn api_push_change;
handler_fn api_push_delete;

/* api/streaming.c */
handler_fn api_streaming_health;
handler_fn api_streaming;

/* api/health.c */
handler_fn api_health;
handler_fn api_ready;

/* api/metrics.c */
handler_fn api_metrics;

/* api/statuses.c */
handler_fn api_status_create;
handler_fn api_status_get;
handler_fn api_statuses_get;
handler_fn api_status_edit;
handler_fn api_status_delete;
handler_fn api_status_context;
handler_fn api_status_history;
handler_fn api_status_source;
handler_fn api_account_statuses;

/* api/interactions.c */
handler_fn api_status_favourite;
handler_fn api_status_unfavourite;
handler_fn api_status_bookmark;
handler_fn api_status_unbookmark;
handler_fn api_status_reblog;
handler_fn api_status_unreblog;
handler_fn api_status_pin;
handler_fn api_status_unpin;
handler_fn api_status_mute;
handler_fn api_status_unmute;
handler_fn api_status_favourited_by;
handler_fn api_status_reblogged_by;
handler_fn api_status_card;
handler_fn api_status_quotes;
handler_fn api_quote_revoke;
handler_fn api_status_policy;
handler_fn api_scheduled;
handler_fn api_scheduled_get;
handler_fn api_scheduled_move;
handler_fn api_scheduled_delete;
handler_fn api_drafts;
handler_fn api_draft_create;
handler_fn api_draft_get;
handler_fn api_draft_save;
handler_fn api_draft_delete;
handler_fn api_poll_get;
handler_fn api_poll_vote;
handler_fn api_bookmarks;
handler_fn api_favourites;

/* api/export.c */
handler_fn api_export_csv;

/* api/archives.c */
handler_fn api_archives;
handler_fn api_archive_create;
handler_fn api_archive_get;
handler_fn api_archive_file;
handler_fn api_archive_delete;

/* api/moves.c */
handler_fn api_moves;
handler_fn api_moves_set;
handler_fn api_account_moves;

/* api/imports.c */
handler_fn api_imports;
handler_fn api_import_get;
handler_fn api_import_create;
handler_fn api_import_delete;
handler_fn api_import_archive;
handler_fn api_import_undo;

/* api/filters.c, api/filters_v1.c */
handler_fn api_filters;
handler_fn api_filter_get;
handler_fn api_filter_create;
handler_fn api_filter_update;
handler_fn api_filter_delete;
handler_fn api_filter_keywords;
handler_fn api_filter_keyword_add;
handler_fn api_filter_keyword_get;
handler_fn api_filter_keyword_update;
handler_fn api_filter_keyword_delete;
handler_fn api_filter_statuses;
handler_fn api_filter_status_add;
handler_fn api_filter_status_get;
handler_fn api_filter_status_delete;
handler_fn api_filters_v1;
handler_fn api_filter_v1_get;
handler_fn api_filter_v1_create;
handler_fn api_filter_v1_update;
handler_fn api_filter_v1_delete;

/* api/lists.c */
handler_fn api_domain_mutes;
handler_fn api_domain_mute_preview;
handler_fn api_domain_mute_add;
handler_fn api_domain_mute_remove;
handler_fn api_endorse;
handler_fn api_unendorse;
handler_fn api_account_endorsements;
handler_fn api_endorsements;
handler_fn api_conversations;
handler_fn api_conversation_delete;
handler_fn api_conversation_read;
handler_fn api_timeline_direct;
handler_fn api_lists;
handler_fn api_account_lists;
handler_fn api_list_get;
handler_fn api_list_create;
handler_fn api_list_update;
handler_fn api_list_delete;
handler_fn api_list_accounts;
handler_fn api_list_accounts_add;
handler_fn api_list_accounts_drop;
handler_fn api_timeline_list;

/* api/tags.c */
handler_fn api_timeline_tag;
handler_fn api_timeline_home;
handler_fn api_timeline_public;
handler_fn api_tag_get;
handler_fn api_tag_follow;
handler_fn api_tag_unfollow;
handler_fn api_tag_feature;
handler_fn api_tag_unfeature;
handler_fn api_followed_tags;
handler_fn api_featured_tags;
handler_fn api_account_featured_tags;
handler_fn api_featured_tag_add;
handler_fn api_featured_tag_delete;
handler_fn api_featured_tag_suggestions;

/* api/accounts.c */
handler_fn api_account_verify;
handler_fn api_preferences;
handler_fn api_account_update;
handler_fn api_avatar_delete;
handler_fn api_header_delete;
handler_fn api_account_get;
handler_fn api_accounts_get;
handler_fn api_account_lookup;
handler_fn api_account_create;
handler_fn api_confirmation_send;

/* api/apps.c */
handler_fn api_app_create;
handler_fn api_app_verify;

/* api/instance.c */
handler_fn api_instance_v1;
handler_fn api_instance_v2;
handler_fn api_instance_rules;
handler_fn api_instance_about;
handler_fn api_instance_privacy;
handler_fn api_instance_languages;
handler_fn api_instance_translations;
handler_fn api_host_meta;
handler_fn api_nodeinfo_links;
handler_fn api_nodeinfo;

/* api/media_files.c */
handler_fn api_media_create;
handler_fn api_media_create_v1;
handler_fn api_media_get;
handler_fn api_media_edit;
handler_fn api_media_delete;
handler_fn api_media_file;
handler_fn api_media_withheld;
handler_fn api_media_avatar;
handler_fn api_media_header;

/* api/oauth.c */
handler_fn api_oauth_token;
handler_fn api_oauth_revoke;
handler_fn api_oauth_userinfo;
handler_fn api_oauth_metadata;

/* api/relationships.c */
handler_fn api_relationships;
handler_fn api_familiar_followers;
handler_fn api_followers;
handler_fn api_following;
handler_fn api_follow;
handler_fn api_unfollow;
handler_fn api_remove_from_followers;
handler_fn api_block;
handler_fn api_unblock;
handler_fn api_mute;
handler_fn api_unmute;
handler_fn api_account_note;
handler_fn api_blocks;
handler_fn api_mutes;
handler_fn api_follow_requests;
handler_fn api_follow_request_authorize;
handler_fn api_follow_request_reject;

/* api/notifications.c */
handler_fn api_notifications;
handler_fn api_notifications_unread;
handler_fn api_notifications_clear;
handler_fn api_notification_dismiss;
handler_fn api_notification_get;

/* api/notification_groups.c */
handler_fn api_notification_groups;
handler_fn api_notification_groups_unread;
handler_fn api_notification_group;
handler_fn api_notification_group_accounts;
handler_fn api_notification_group_dismiss;

/* api/notification_policy.c */
handler_fn api_policy_get;
handler_fn api_policy_set;
handler_fn api_policy_get_v1;
handler_fn api_policy_set_v1;
handler_fn api_requests;
handler_fn api_request_get;
handler_fn api_requests_merged;
handler_fn api_request_accept;
handler_fn api_request_dismiss;
handler_fn api_requests_accept;
handler_fn api_requests_dismiss;

/* api/announcements.c */
handler_fn api_profile_get;
handler_fn api_profile_set;
handler_fn api_identity_proofs;
handler_fn api_status_translate;
handler_fn api_async_refresh;
handler_fn api_proofs;
handler_fn api_custom_emojis;
handler_fn api_announcements;
handler_fn api_announcement_dismiss;
handler_fn api_announcement_react;
handler_fn api_announcement_unreact;

/* api/oembed.c */
handler_fn api_oembed;

/* api/markers.c */
handler_fn api_markers_get;
handler_fn api_markers_set;

/* api/reports.c */
handler_fn api_report_create;

/* api/search.c */
handler_fn api_search;
handler_fn api_accounts_search;
