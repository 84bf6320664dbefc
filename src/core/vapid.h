/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/site.h"

/* The key pair by which push services know this server (RFC 8292), on P-256. Made once, at the first start; the private
   half is sealed in the settings. */

/* Makes it when there is none that can be opened. site_refresh afterwards. */
enum err vapid_ensure(struct ctx *c) NODISCARD;
#define VAPID_SETTING "vapid"
/* The setting's value -> site->vapid_key and site->vapid_public; c->site holds the master key. ERR_INVALID: it was
   sealed under another one. */
enum err vapid_open(struct ctx *c, struct str sealed, struct site *site) NODISCARD;
