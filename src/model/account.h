/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "model/standing.h"
#include "model/status_draft.h"

enum role { ROLE_MEMBER = 0, ROLE_MODERATOR = 1, ROLE_ADMIN = 2, ROLE_OWNER = 3 };

/* Tabs that a member leaves off their page; the numbers are stored. */
enum profile_hides { HIDES_MEDIA = 1, HIDES_MEDIA_REPLIES = 2, HIDES_FEATURED = 4 };

/* A row of `account`: what everybody may see, and what the server needs to judge it. */
struct account {
    int64_t id;
    struct str username;
    struct str domain; /* p == NULL: of this server */
    struct str display_name;
    struct str note;   /* plain text */
    struct str fields; /* JSON [{"name","value","verified_ms"}] */
    struct str avatar; /* content hash; p == NULL: the drawn one */
    struct str header;
    bool locked;
    bool bot;
    bool discoverable;
    bool indexable;
    bool hide_collections;
    bool active; /* confirmed and approved */
    enum role role;
    struct standing standing;
    int64_t statuses_count;
    int64_t followers_count;
    int64_t following_count;
    int64_t last_status_ms; /* 0: none */
    int64_t created_ms;
    int64_t updated_ms;
    int64_t deletion_ms; /* 0: not asked to be deleted */
    struct str uri;      /* p == NULL: local */
    int64_t moved_to_id;
    struct str mentions; /* of note and fields: JSON as a status has them */
    struct str avatar_text;
    struct str header_text;
    unsigned hides;                 /* enum profile_hides bits */
    struct str attribution_domains; /* JSON list: sites that may name the member as author */
    int default_quote_policy;       /* 1 + enum quote_policy; 0: never chosen, anybody */
    int default_reply_policy;       /* enum reply_policy */
    enum visibility default_visibility;
    bool default_sensitive;
    struct str default_language; /* p == NULL: none */
};

/* A row of `member`: the private half of a local account; the same id. */
struct member {
    int64_t id;
    struct str email;
    struct str password; /* argon2id, encoded */
    int64_t confirmed_ms;
    int64_t approved_ms;
    struct str reason;
    int64_t invite_id;
    struct str locale;
    struct str created_ip;
    struct str totp_secret; /* sealed; p == NULL: none */
    bool totp_enabled;
    int64_t totp_step;
    struct str recovery_codes; /* JSON list of hashes */
    int64_t seen_ms;
};
