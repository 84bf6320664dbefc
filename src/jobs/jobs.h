/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "db/db.h"

/* The runners: a few threads take what is due from the job table, each a share of its own, so that a slow peer holds up
   neither a request nor what is another's. A job that fails is tried again with back-off and jitter, and ends among the
   dead letters. Jobs are idempotent: after a kill one may run twice. */
struct jobs;

struct jobs_options {
    struct db_pool *pool;
    struct site_box *sites;
    struct feed *feed;
    struct idgen *idgen;
    struct limiter *limiter;
    struct news *news;
    const struct mail_options *mail; /* courier/mail.h */
};

enum err jobs_start(struct ctx *c, const struct jobs_options *o, struct jobs **out) NODISCARD;
/* Waits for the running ones; what waits stays in the table. */
void jobs_stop(struct jobs **j);
/* Something was just queued: look now and not at the next tick. Runs on: any. */
void jobs_wake(struct jobs *j);
