/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* Counters of what one address, prefix or account did lately. In memory, of fixed size, lost at a restart. Runs on:
   any. A window is fixed and aligned to the clock (five minutes: 13:50, 13:55 ...), as X-RateLimit-Reset tells it. When
   the table is full the entry nearest to harmless gives way, so a flood of new keys forgets no counter that matters.
   The keys are hashed with a secret of the process: nobody can choose keys that collide. */
struct limiter;

/* What is limited; how much of it in which time is the one table in base/limiter.c. */
enum limit_kind {
    LIMIT_API,         /* requests of one account or token */
    LIMIT_API_ADDRESS, /* requests without a token, pages included */
    LIMIT_API_PREFIX,
    LIMIT_MISS_ADDRESS, /* ids and names asked for that are not there: guessing */
    LIMIT_MISS_PREFIX,
    LIMIT_SIGN_IN_ADDRESS, /* attempts, good ones too */
    LIMIT_SIGN_IN_PREFIX,
    LIMIT_SIGN_IN_ACCOUNT, /* on one account from one prefix: nobody can lock another out */
    LIMIT_SIGN_IN_TARGET,  /* on one account from anywhere */
    LIMIT_SECOND_FACTOR,   /* codes tried for one account */
    LIMIT_SIGN_UP_ADDRESS,
    LIMIT_SIGN_UP_PREFIX,
    LIMIT_RESET_ADDRESS,  /* password mails asked for */
    LIMIT_RESET_TARGET,   /* ... for one e-mail address */
    LIMIT_CONFIRM_MAIL,   /* confirmation mails of one account */
    LIMIT_CONFIRM_TARGET, /* ... to one e-mail address, whoever asks: nobody can fill a stranger's mailbox */
    LIMIT_APP_ADDRESS,    /* registrations of apps */
    LIMIT_TOKEN_ADDRESS,  /* codes and client secrets presented */
    LIMIT_POST,           /* parleys of one account */
    LIMIT_DELETE,         /* deletions of parleys of one account */
    LIMIT_FOLLOW,
    LIMIT_REPORT,
    LIMIT_FILE_ADDRESS, /* pictures fetched: a page shows many */
    LIMIT_UPLOAD,       /* pictures of one account */
    LIMIT_IMPORT,       /* files that one account brings from elsewhere */
    LIMIT_ARCHIVE,      /* archives that one account asks for */
    LIMIT_TRANSLATE,    /* parleys that one account has translated */
    LIMIT_KINDS
};

#define LIMITER_SLOTS 65536 /* of 24 bytes; pages are touched when they are used */

/* `enforce` false: counts, but refuses nothing (site->testing). */
struct limiter *limiter_new(bool enforce);
void limiter_free(struct limiter **l);

/* What is left after a request was counted; for X-RateLimit-* and Retry-After. */
struct limit_left {
    int64_t limit;
    int64_t remaining;
    int64_t reset_ms;
    int64_t retry_after_s; /* > 0 only when refused */
};

/* Counts one; false when it is over the limit. l == NULL limits nothing. `left` may be NULL. */
bool limiter_take(struct limiter *l, enum limit_kind kind, struct str key, int64_t now_ms, struct limit_left *left);
/* True when the limit is used up; counts nothing. For refusing before the work what was earned by misses. */
bool limiter_spent(struct limiter *l, enum limit_kind kind, struct str key, int64_t now_ms, struct limit_left *left);

/* Keys of an address: IPv4 whole and its /24, IPv6 its /64 and its /48 (one household, one provider's customer). What
   is no address stays as it is. */
struct str limiter_address(struct arena *a, struct str ip) NODISCARD;
struct str limiter_prefix(struct arena *a, struct str ip) NODISCARD;
