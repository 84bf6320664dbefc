/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* One thread that does what time brings: watches the disk (read-only by cause, and back), saves the feed, takes
   what is new into the search index, gives memory back to the system. Its last act is to save the feed. */
struct server;
struct keeper;
enum err keeper_start(struct ctx *c, struct server *s, struct keeper **out) NODISCARD;
void keeper_stop(struct keeper **k);
