/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

/* Who may quote a parley, and who may answer it. The numbers are stored; what was written before there were quotes may
 * be quoted by nobody. */
enum quote_policy { QUOTE_NOBODY = 0, QUOTE_FOLLOWERS = 1, QUOTE_ANYBODY = 2 };
enum reply_policy { REPLY_ANYBODY = 0, REPLY_FOLLOWERS = 1, REPLY_FOLLOWED = 2, REPLY_MENTIONED = 3, REPLY_NOBODY = 4 };
#define QUOTE_POLICIES 3
#define REPLY_POLICIES 5

/* How a quote stands, as it is stored. */
enum quote_state { QUOTE_ACCEPTED = 1, QUOTE_REVOKED = 2 };

/* A row of `quote`. */
struct quote {
    int64_t status_id; /* the parley that quotes */
    int64_t quoted_id;
    int64_t quoted_account_id;
    enum quote_state state;
};
