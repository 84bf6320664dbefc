/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/session.h"

/* Sessions: what an access token or a sign-in cookie stands for. */
#define SESSIONS_LIST_MAX 1000 /* of one member; c->site->sessions_max is less */
#define USER_AGENT_MAX    200  /* bytes kept */

/* A new session and the older ones that had to end for it (c->site->sessions_max). */
struct session_new {
    struct session session; /* account_id, app_id, scopes, scope_text, user_agent: set by the caller */
    struct str secret;      /* what the client gets; stored only as a hash */
    struct session *ended;
    int64_t ended_n;
};
/* Inside the caller's transaction. */
enum err session_open(struct ctx *c, struct session_new *n) NODISCARD;
/* After the commit. */
void session_opened(struct ctx *c, const struct session_new *n);

/* c->me's, newest first, apps and pages alike. */
enum err session_list(struct ctx *c, struct session **out, int64_t *n) NODISCARD;
enum err session_end(struct ctx *c, int64_t id) NODISCARD; /* one of c->me's; ERR_NOT_FOUND */
enum err session_end_mine(struct ctx *c) NODISCARD;        /* c->session: signs out */
enum err session_end_others(struct ctx *c) NODISCARD;      /* all of c->me's but c->session */
/* Inside the caller's transaction: all of an account but `keep_id` (0: all), and what was about to become one: codes of
   apps, sign-ins that wait for the second factor. The caller tells the feed after the commit (feed_sessions_ended). */
enum err session_end_all(struct ctx *c, int64_t account_id, int64_t keep_id) NODISCARD;
/* Writes down, at most once a day, that c->session was used and c->me was here. Called where clients begin. */
enum err session_seen(struct ctx *c) NODISCARD;
