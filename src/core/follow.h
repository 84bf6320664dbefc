/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Following, as c->me. Everything may be asked twice: the second time changes nothing. Both sides, the counters and the
   notification are one transaction; the feed is told after it. Any thread with c->db. */
#define FOLLOW_LANGUAGES_MAX 20

/* What a client says about how to follow; what it leaves out stays as it is (at first: with echoes, all languages). */
struct follow_wish {
    int reblogs; /* 0 or 1; -1: not said */
    int notify;  /* 0 or 1; -1: not said */
    bool has_languages;
    const struct str *languages; /* none: all */
    int64_t languages_n;
};

/* Follows, or asks to: when the other is locked, or either of the two is limited. ERR_FORBIDDEN for oneself and where
   one of the two blocks the other, ERR_INVALID above site->follows_max (requests count). */
enum err follow_add(struct ctx *c, int64_t target_id, const struct follow_wish *wish) NODISCARD;
/* Takes back a follow or a request. */
enum err follow_remove(struct ctx *c, int64_t target_id) NODISCARD;
/* Makes somebody not follow c->me any more. */
enum err follower_remove(struct ctx *c, int64_t follower_id) NODISCARD;

/* ERR_NOT_FOUND when nobody of that id asks. */
enum err follow_request_accept(struct ctx *c, int64_t asker_id) NODISCARD;
enum err follow_request_reject(struct ctx *c, int64_t asker_id) NODISCARD;
