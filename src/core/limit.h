/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "base/limiter.h"

/* How often something may be asked, for rules in core/ (the doors count requests themselves). Each counts one and
   answers ERR_TOO_MANY with c->retry_after_s when it was too many. The texts do not tell what was limited, so that
   nobody learns from them whether an account exists. */
enum err limit_take(struct ctx *c, enum limit_kind kind, struct str key) NODISCARD;
/* By the address that asks and its prefix; nothing when there is no address (console, jobs). */
enum err limit_address(struct ctx *c, enum limit_kind address) NODISCARD;
enum err limit_prefix(struct ctx *c, enum limit_kind prefix) NODISCARD;

/* Asking for what is not there, often: guessing. Only of strangers, and only where there is a route: apps ask for what
   this server does not do, members open what was deleted, and whoever shares their address must not pay for it.
   limit_miss counts one; limit_missed says that there were too many, and counts nothing. `left` may be NULL. */
void limit_miss(struct ctx *c);
bool limit_missed(struct ctx *c, struct limit_left *left);
