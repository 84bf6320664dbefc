/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/poll.h"

/* The tables `poll` (at the bucket of the parley), `poll_vote_of` (at the poll) and `poll_vote_by` (at the one who
   votes). Writes run inside the caller's transaction, which locked the parley's row. Any thread. */
enum err store_poll_put(struct ctx *c, const struct poll *p) NODISCARD; /* inserts, or replaces all of the row */
enum err store_poll_delete(struct ctx *c, int64_t status_id) NODISCARD;
enum err store_poll_find(struct ctx *c, int64_t status_id, struct poll **out) NODISCARD; /* NULL: none */
/* out has room for n; keeps the order of ids; NULL where there is none. One statement. */
enum err store_poll_load(struct ctx *c, const int64_t *ids, int64_t n, struct poll **out) NODISCARD;

/* *added false: they have voted in this round. */
enum err store_poll_vote(struct ctx *c, int64_t status_id, int64_t account_id, uint32_t choices, int64_t round,
                         bool *added) NODISCARD;
/* Adds `by` to the counters of the choices and to the number of voters. */
enum err store_poll_count(struct ctx *c, int64_t status_id, uint32_t choices, int64_t by) NODISCARD;

struct poll_vote {
    int64_t id; /* the voter, or the poll */
    uint32_t choices;
    int64_t round;
};
/* Those who voted, rising ids above after_id, at most `limit`. */
enum err store_poll_voters(struct ctx *c, int64_t status_id, int64_t after_id, int64_t limit, struct poll_vote *out,
                           int64_t *n) NODISCARD;
/* The votes of a member. */
enum err store_poll_votes_by(struct ctx *c, int64_t account_id, int64_t limit, struct poll_vote *out,
                             int64_t *n) NODISCARD;
/* Both rows of each; the counters stay. */
enum err store_poll_votes_delete(struct ctx *c, int64_t status_id, const int64_t *account_ids, int64_t n) NODISCARD;
