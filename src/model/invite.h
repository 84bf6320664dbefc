/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

#include "base/str.h"

/* A link by which people may join while sign-up is by invitation. */
struct invite {
    int64_t id;
    int64_t account_id; /* whose bucket it lives in: who invites */
    struct str code;
    struct str note; /* p == NULL: none */
    int64_t uses;
    int64_t uses_max; /* 0: any number */
    int64_t created_ms;
    int64_t expires_ms; /* 0: never */
};
