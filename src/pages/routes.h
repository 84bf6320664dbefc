/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pages/visit.h"

/* The pages, by file. */

/* pages/landing.c */
page_fn page_landing;

/* pages/about.c */
page_fn page_about;
page_fn page_rules;
page_fn page_privacy;

/* pages/terms.c */
page_fn page_terms;
page_fn page_terms_of;
page_fn page_community_terms;
page_fn page_community_terms_send;
page_fn page_community_terms_remove;

/* pages/join.c */
page_fn page_sign_up;
page_fn page_sign_up_send;
page_fn page_confirm;
page_fn page_confirm_send;
page_fn page_email;
page_fn page_email_send;
page_fn page_setup;
page_fn page_setup_send;

/* pages/enter.c */
page_fn page_sign_in;
page_fn page_sign_in_send;
page_fn page_sign_in_code;
page_fn page_sign_in_key;
page_fn page_passkey_ask;
page_fn page_passkey_enter;
page_fn page_sign_out;
page_fn page_reset_ask;
page_fn page_reset_ask_send;
page_fn page_reset;
page_fn page_reset_send;

/* pages/consent.c */
page_fn page_authorize;
page_fn page_authorize_send;
page_fn page_authorize_native;

/* pages/machine.c */
page_fn page_server;

/* pages/explore.c */
page_fn page_explore;
page_fn page_explore_tags;
page_fn page_explore_links;
page_fn page_explore_link;
page_fn page_explore_people;

/* pages/trends.c */
page_fn page_trends;
page_fn page_trends_send;

/* pages/more.c */
page_fn page_more;
page_fn page_waiting;
page_fn page_waiting_send;
page_fn page_keep;

/* pages/timeline.c */
page_fn page_home;
page_fn page_local;
page_fn page_tag;
page_fn page_list;
page_fn page_tag_do;
page_fn page_filters;
page_fn page_filters_send;
page_fn page_filter_delete;
page_fn page_filter;
page_fn page_filter_send;
page_fn page_profile_tagged;
page_fn page_bookmarks;
page_fn page_favourites;

/* pages/compose.c */
page_fn page_withheld;
page_fn page_write;
page_fn page_write_send;
page_fn page_edit;
page_fn page_edit_send;

/* pages/act.c */
page_fn page_parley_do;
page_fn page_poll_vote;
page_fn page_quotes;
page_fn page_policy;
page_fn page_policy_send;
page_fn page_drafts;
page_fn page_draft_delete;
page_fn page_scheduled;
page_fn page_scheduled_do;
page_fn page_delete;
page_fn page_delete_send;
page_fn page_person_do;
page_fn page_mute;
page_fn page_mute_send;

/* pages/parley.c */
page_fn page_parley;
page_fn page_history;
page_fn page_favourited_by;
page_fn page_echoed_by;

/* pages/profile.c */
page_fn page_profile;
page_fn page_profile_replies;
page_fn page_profile_media;
page_fn page_you;
page_fn page_followers;
page_fn page_recommends;
page_fn page_domain_mutes;
page_fn page_domain_mutes_send;
page_fn page_domain_mute_remove;
page_fn page_following;

/* pages/people.c */
page_fn page_lists;
page_fn page_lists_send;
page_fn page_list_people;
page_fn page_list_edit;
page_fn page_list_edit_send;
page_fn page_list_drop;
page_fn page_person_lists;
page_fn page_person_lists_send;
page_fn page_follow_requests;
page_fn page_blocks;
page_fn page_mutes;

/* pages/notices.c */
page_fn page_conversations;
page_fn page_conversation;
page_fn page_conversation_delete;
page_fn page_notices;

/* pages/translate.c */
page_fn page_translate;
/* pages/emojis.c */
page_fn page_emojis;
page_fn page_emojis_own;
page_fn page_emojis_send;
page_fn page_emoji_do;
/* pages/announcements.c */
page_fn page_announcements;
page_fn page_announcements_send;
page_fn page_announcement;
page_fn page_announcement_send;
page_fn page_announcement_remove;
page_fn page_announcement_do;

/* pages/hearing.c */
page_fn page_hearing;
page_fn page_hearing_send;
page_fn page_hearing_decide;

/* pages/report.c */
page_fn page_report;
page_fn page_report_send;
page_fn page_reports;
page_fn page_report_read;
page_fn page_report_close;

/* pages/search.c */
page_fn page_search;

/* pages/settings.c */
page_fn page_settings_profile;
page_fn page_settings_profile_send;
page_fn page_settings;
page_fn page_change_password;
page_fn page_settings_account;
page_fn page_settings_password;
page_fn page_settings_email;
page_fn page_settings_leave;

/* pages/sessions.c */
page_fn page_sessions;
page_fn page_session_end;
page_fn page_sessions_end;
page_fn page_invites;
page_fn page_invites_send;
page_fn page_invite_delete;

/* pages/two_factor.c */
page_fn page_two_factor;
page_fn page_two_factor_begin;
page_fn page_two_factor_enable;
page_fn page_two_factor_renew;

/* pages/transfer.c */
page_fn page_transfer;
page_fn page_transfer_csv;
page_fn page_archive;
page_fn page_archive_send;
page_fn page_transfer_list_send;
page_fn page_transfer_archive_send;
page_fn page_moves_send;
page_fn page_import;
page_fn page_import_send;

/* pages/passkeys.c */
page_fn page_passkey_begin;
page_fn page_passkey_add;
page_fn page_passkey;
page_fn page_passkey_rename;
page_fn page_passkey_remove;

/* pages/atom.c */
page_fn page_profile_atom;
page_fn page_tag_atom;

/* pages/standing.c */
page_fn page_standing_member;
page_fn page_standing_parley;
page_fn page_order_member;
page_fn page_order_parley;

/* pages/members.c */
page_fn page_members;
page_fn page_role_send;
page_fn page_requests;
page_fn page_request_do;

/* pages/community.c */
page_fn page_community;
page_fn page_community_send;
page_fn page_community_rules;
page_fn page_community_rules_send;
page_fn page_community_mode;
page_fn page_community_mode_send;
