/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* One granted token or web sign-in. */
struct session {
    int64_t id;
    int64_t account_id;     /* 0: client credentials, no user */
    int64_t app_id;         /* 0: signed in through the pages */
    struct str app_name;    /* p == NULL: not looked up */
    struct str app_website; /* p == NULL: none */
    uint64_t scopes;        /* SCOPE_* bits of model/scope.h */
    struct str scope_text;
    struct str hash;
    int64_t created_ms;
    int64_t used_ms;
    struct str ip;
    struct str user_agent;
};

struct app {
    int64_t id;
    struct str client_id;
    struct str secret; /* hash */
    struct str name;
    struct str website;       /* p == NULL: none */
    struct str redirect_uris; /* one a line */
    struct str scopes;
    int64_t created_ms;
};

enum ticket_kind {
    TICKET_CODE = 1,
    TICKET_CONFIRM = 2,
    TICKET_RESET = 3,
    TICKET_SETUP = 4,
    TICKET_EMAIL_CHANGE = 5,
    TICKET_TOTP = 6,
    TICKET_PASSKEY_NEW = 7,  /* the secret is the challenge that a new passkey signs */
    TICKET_PASSKEY_ENTER = 8 /* ... that a passkey signs to sign somebody in; of no account yet */
};

/* A one-time secret; `data` is JSON that its kind explains (core/oauth.c, core/auth.c). */
struct ticket {
    int64_t id;
    int64_t account_id;
    enum ticket_kind kind;
    struct str hash;
    struct str data;
    int64_t created_ms;
    int64_t expires_ms;
    int64_t used_ms;
};

enum claim {
    CLAIM_USERNAME = 1,
    CLAIM_EMAIL = 2,
    CLAIM_SKELETON = 3,    /* look-alikes of user names */
    CLAIM_TOKEN = 4,       /* hash of an access token or cookie -> session */
    CLAIM_CLIENT = 5,      /* client_id -> app */
    CLAIM_IDEMPOTENCY = 6, /* "<account id>:<key>" -> status */
    CLAIM_TICKET = 7,      /* hash -> ticket */
    CLAIM_INVITE = 8,      /* code -> invite */
    CLAIM_URI = 9,         /* ActivityPub address -> account or status */
    CLAIM_PASSKEY = 10,    /* hash of a credential -> passkey */
};
