/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Whose notifications are pushed. The numbers are stored. */
enum push_policy { PUSH_ALL = 0, PUSH_FOLLOWED = 1, PUSH_FOLLOWER = 2, PUSH_NONE = 3, PUSH_POLICIES };

/* A row of push_subscription. */
struct push_subscription {
    int64_t account_id;
    int64_t session_id;
    int64_t id;
    struct str endpoint;
    struct str p256dh;
    struct str auth;
    bool standard;
    uint64_t alerts; /* bits 1 << enum notification_type */
    enum push_policy policy;
    struct str token; /* sealed */
    int64_t created_ms;
};

#define PUSH_POINT_BYTES  65 /* uncompressed, on P-256 */
#define PUSH_AUTH_BYTES   16
#define PUSH_ENDPOINT_MAX 2000
#define PUSH_SESSIONS_MAX 1000 /* as many as a member has sessions */
#define PUSH_ID_BITS      31
