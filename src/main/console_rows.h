/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/jw.h"
#include "model/account.h"
#include "net/http.h"

/* What the rows of console.c share. A row reads the request's parameters and writes the members of one JSON object;
   the braces are console.c's. c->me is NULL: the operator acts. */
struct server;
struct console {
    struct server *server;
    const struct http_req *q;
    struct jw w;
};
typedef enum err console_fn(struct ctx *c, struct console *k);

#define CONSOLE_LIST_MAX 500

struct str console_arg(const struct console *k, const char *name); /* "" when not given */
enum err console_need(struct ctx *c, const struct console *k, const char *name, struct str *out) NODISCARD;
/* The same of what is given as --name. */
enum err console_need_option(struct ctx *c, const struct console *k, const char *name, struct str *out) NODISCARD;
enum err console_number(struct ctx *c, const struct console *k, const char *name, int64_t lo, int64_t hi,
                        int64_t otherwise, int64_t *out) NODISCARD;
enum err console_id(struct ctx *c, const struct console *k, const char *name, int64_t *out) NODISCARD;
/* "30m", "12h", "7d" from now, or a time; 0 when not given. In the past: ERR_INVALID. */
enum err console_when(struct ctx *c, const struct console *k, const char *name, int64_t *out) NODISCARD;
/* A local member by user name (with or without @) or id. */
enum err console_member(struct ctx *c, struct str who, struct account **out) NODISCARD;
void console_put_standing(struct jw *w, const struct standing *s); /* the key "standing" */

void console_put_account(struct jw *w, const struct account *a); /* what everybody may see, and how they stand */
/* Sets a member's name -> account from the parameter "name". */
enum err console_subject(struct ctx *c, struct console *k, struct account **out) NODISCARD;

/* console_member.c */
console_fn console_member_list;
console_fn console_member_show;
console_fn console_member_export;
console_fn console_member_import;
console_fn console_member_create;
console_fn console_member_role;
console_fn console_member_reset_password;
console_fn console_member_reset_second_factor;
console_fn console_member_owner_link;
console_fn console_member_approve;
console_fn console_member_reject;
console_fn console_member_delete;
/* console_standing.c */
console_fn console_member_limit;
console_fn console_member_sensitive;
console_fn console_member_freeze;
console_fn console_member_suspend;
console_fn console_member_restore;
console_fn console_status_show;
console_fn console_status_hold;
console_fn console_status_remove;
console_fn console_status_sensitive;
console_fn console_status_restore;
/* console_report.c */
console_fn console_report_list;
console_fn console_report_show;
console_fn console_report_close;
/* console_site.c */
console_fn console_invite_create;
console_fn console_invite_list;
console_fn console_invite_revoke;
console_fn console_mode;
console_fn console_setting_list;
console_fn console_setting_get;
console_fn console_setting_set;
console_fn console_rules_list;
console_fn console_rules_set;

/* console_terms.c */
console_fn console_terms_list;
console_fn console_terms_set;
console_fn console_terms_remove;
/* console_trend.c */
console_fn console_trends_list;
console_fn console_trends_approve;
console_fn console_trends_reject;
/* secure.c */
console_fn console_tls_show;
console_fn console_tls_reload;
/* console_announcement.c */
console_fn console_announcement_add;
console_fn console_announcement_list;
console_fn console_announcement_edit;
console_fn console_announcement_remove;
/* console_emoji.c */
console_fn console_emoji_add;
console_fn console_emoji_list;
console_fn console_emoji_enable;
console_fn console_emoji_disable;
console_fn console_emoji_remove;
/* console_machine.c */
console_fn console_info;
console_fn console_metrics;
console_fn console_version;
console_fn console_media_usage;
console_fn console_media_trim;
console_fn console_media_check;
console_fn console_card_forget;
console_fn console_job_list;
console_fn console_job_retry;
console_fn console_db_info;
console_fn console_db_check;
console_fn console_rebuild;
