/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/poll.h"
#include "model/status.h"
#include "model/status_draft.h"

/* Polls: a part of a parley, with its id. Who sees the parley may vote once, but for its author, until it is over.
   Counters stand in the poll's own row, so that a reading costs the same whatever the number of voters. An edit that
   changes the options begins a new round: former votes count no more at once, and a job takes them away. Any thread. */
#define POLL_BATCH 200 /* voters in one transaction of a job; the next ones are a job of their own */

int64_t poll_seconds_min(const struct ctx *c); /* shorter while testing */
int64_t poll_titles(struct arena *a, const struct poll *p, const struct str **out);
bool poll_is_over(const struct poll *p, int64_t now_ms);
bool poll_shows_totals(const struct poll *p, int64_t now_ms);
/* The choices of a reader in this poll: bits; 0: they have not voted in its present round. */
uint32_t poll_choices(const struct poll *p, uint32_t mark);

/* From a draft to the row that it asks for, status_id and counters not yet known. `was` is the poll that is edited or
   NULL. */
enum err poll_compose(struct ctx *c, const struct poll_draft *d, const struct poll *was, struct poll *out) NODISCARD;
/* Inside the transaction that locked the parley: next (NULL: none) takes the place of was (NULL: none). `round`: higher
   than any before in this parley. *kept: nobody's vote is lost. */
enum err poll_replace(struct ctx *c, int64_t status_id, const struct poll *was, struct poll *next, int64_t round,
                      bool *kept) NODISCARD;
bool poll_same(const struct poll *a, const struct poll *b); /* title by title, and all that was chosen */

/* ERR_NOT_FOUND when there is none that c->me may see. */
enum err poll_get(struct ctx *c, int64_t id, struct poll **out, struct status **of) NODISCARD;
/* ERR_INVALID: twice, over, one's own, or not for these choices. Gives the poll as it is then. */
enum err poll_vote(struct ctx *c, int64_t id, const int64_t *choices, int64_t n, struct poll **out,
                   struct status **of) NODISCARD;

/* A step of a job: takes away a batch of votes of former rounds (of all, when there is no poll) behind `after`. */
enum err poll_sweep_step(struct ctx *c, int64_t status_id, int64_t after) NODISCARD;
/* Inside the transaction: votes on a parley that goes away, at most POLL_BATCH; *n of them went. */
enum err poll_sweep_votes(struct ctx *c, int64_t status_id, int64_t *n) NODISCARD;
/* Votes of a member who goes away, as if they had never been: at most POLL_BATCH. */
enum err poll_withdraw_votes(struct ctx *c, int64_t account_id, bool *more) NODISCARD;
