/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>

#include "base/ctx.h"
#include "model/account.h"
#include "model/session.h"

/* OAuth 2 (RFC 6749) with PKCE S256 (RFC 7636) as clients of the Mastodon API use it. Confidential clients only: each
   has a secret; a code that was asked for with a challenge is worth nothing without the verifier. Tokens do not expire;
   they end when they are revoked, or the member ends them. */
#define OAUTH_OOB           "urn:ietf:wg:oauth:2.0:oob" /* the code is shown on a page, to be typed */
#define OAUTH_CODE_LASTS_MS INT64_C(600000)
#define OAUTH_NAME_MAX      200  /* bytes */
#define OAUTH_URI_MAX       2000 /* bytes */
#define OAUTH_URIS_MAX      20   /* of one app */
#define OAUTH_STATE_MAX     4096 /* bytes */

/* --- apps --- */
struct oauth_app_form {
    struct str name;
    struct str website; /* p == NULL: none */
    const struct str *redirect_uris;
    size_t redirect_uris_n;
    struct str scopes; /* empty: "read" */
};
/* ERR_INVALID with c->fields. Any absolute URI with any scheme, and the OOB one; neither fragments nor schemes that run
 * script. */
enum err oauth_app_register(struct ctx *c, const struct oauth_app_form *f, struct app **out,
                            struct str *secret) NODISCARD;
/* The app of c->session; ERR_UNAUTHENTICATED when the session is of the pages. */
enum err oauth_app_mine(struct ctx *c, struct app **out) NODISCARD;

/* --- the authorization page: GET and POST /oauth/authorize --- */
struct oauth_ask { /* as the client sent it */
    struct str response_type;
    struct str client_id;
    struct str redirect_uri;
    struct str scope; /* empty: "read" */
    struct str state; /* p == NULL: none */
    struct str code_challenge;
    struct str code_challenge_method;
};
struct oauth_request { /* checked */
    struct app *app;
    struct str redirect_uri;
    bool oob;
    struct str scope;
    struct str state;
    struct str challenge;   /* p == NULL: none */
    struct str refused_url; /* p != NULL: the request is wrong in a way that the client is told: redirect there */
};
/* ERR_INVALID, ERR_NOT_FOUND: show the text on a page, never redirect (unknown client, foreign redirect_uri). OK with
   refused_url set: redirect (unknown or too wide scope, other response_type, PKCE other than S256). OK otherwise: ask
   c->me. */
enum err oauth_authorize_check(struct ctx *c, const struct oauth_ask *ask, struct oauth_request *out) NODISCARD;
struct oauth_answer {
    struct str code; /* to be shown when the request is out-of-band */
    struct str url;  /* to redirect to; p == NULL: out-of-band */
};
enum err oauth_grant(struct ctx *c, const struct oauth_request *r, struct oauth_answer *out) NODISCARD; /* by c->me */
/* error=access_denied; url p == NULL: out-of-band, say so on the page */
enum err oauth_deny(struct ctx *c, const struct oauth_request *r, struct oauth_answer *out) NODISCARD;
/* scheme://host or scheme: of a redirect target, for the CSP form-action of the page; p == NULL for OOB. */
struct str oauth_form_action(struct ctx *c, const struct oauth_request *r);

/* --- POST /oauth/token and /oauth/revoke --- */
struct oauth_token_ask {
    struct str grant_type;
    struct str client_id;
    struct str client_secret;
    struct str code;
    struct str redirect_uri;
    struct str code_verifier;
    struct str scope;
    struct str username; /* password grant: only with site->testing */
    struct str password;
    struct str user_agent;
};
struct oauth_token {
    struct str secret;
    struct str scope;
    int64_t created_ms;
    struct str error; /* of RFC 6749 5.2: invalid_client, invalid_grant ...; set with ERR_MALFORMED (400) and
                         ERR_UNAUTHENTICATED (401) */
};
enum err oauth_token(struct ctx *c, const struct oauth_token_ask *ask, struct oauth_token *out) NODISCARD;
/* A token of an app for a member without a code: what POST /api/v1/accounts gives. scope "" is the app's. */
enum err oauth_token_for(struct ctx *c, const struct app *app, const struct account *a, struct str scope,
                         struct str user_agent, struct oauth_token *out) NODISCARD;
/* OK also for a token that nobody knows; ERR_FORBIDDEN for one of another app or a wrong client (unauthorized_client).
 */
enum err oauth_revoke(struct ctx *c, struct str client_id, struct str client_secret, struct str token) NODISCARD;

/* BASE64URL(SHA256(verifier)) equals the challenge; the verifier is 43 to 128 unreserved characters. */
bool oauth_pkce_ok(struct str verifier, struct str challenge);
