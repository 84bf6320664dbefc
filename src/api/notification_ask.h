/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "core/notification.h"
#include "net/http.h"

/* types[] wins over exclude_types[]; account_id, include_filtered. A word that is no type adds nothing; false: none
   that is one, so nothing is asked for. (api/notifications.c) */
bool notification_ask_parse(const struct http_req *q, struct notification_ask *ask);
/* The types named under `name`, bits; 0: none. */
uint64_t notification_types_parse(const struct http_req *q, const char *name);
/* How many are to be counted: limit, or UNREAD_DEFAULT. */
int64_t notification_limit_parse(const struct http_req *q);
