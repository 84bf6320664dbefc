/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/locks.h"
#include "feed/feed.h"
#include "feed/lru.h"

/* Sessions by the hash of their token, and the rows of accounts: who asks. Copies in, copies out. Generations as in
   feed/rendered.h keep a row that was read before a change from being kept after it. */
#define PEOPLE_GENERATIONS 1024

struct people {
    struct rwlock lock;
    bool keeps;
    struct lru sessions;                      /* by people_key of the hash */
    struct lru accounts;                      /* by id */
    uint64_t generations[PEOPLE_GENERATIONS]; /* by account id */
    uint64_t ended;                           /* sessions that ended, any */
};

void people_init(struct people *p, bool keeps); /* false: every put is dropped */
void people_fini(struct people *p);
void people_budget(struct people *p, size_t bytes);

/* False: not here; the ticket is for the put of what the store says. */
bool people_session(struct people *p, struct arena *a, struct str hash, struct session **out, uint64_t *ticket);
void people_put_session(struct people *p, const struct session *s, uint64_t ticket);
void people_session_ended(struct people *p, struct str hash);
void people_sessions_ended(struct people *p, int64_t account_id);
bool people_account(struct people *p, struct arena *a, int64_t id, struct account **out, uint64_t *ticket);
void people_put_account(struct people *p, const struct account *acc, uint64_t ticket);
void people_account_changed(struct people *p, int64_t id);
