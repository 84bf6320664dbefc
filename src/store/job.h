/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Work that happens if and only if the transaction that asked for it commits. Jobs are idempotent: one may run twice.
   The numbers are stored: never reuse one. What each does and how often it is tried: jobs/kinds.c. */
enum job_kind {
    JOB_MAIL = 1,             /* payload JSON {"to","subject","text"}: send one message */
    JOB_STATUS_PUBLISHED = 2, /* subject status: tell followers who asked (NOTE_STATUS) */
    JOB_STATUS_REMOVED = 3,   /* subject status: take it out of derived data */
    JOB_ACCOUNT_REMOVE = 4,   /* subject account: delete everything of it, in batches */
    JOB_STATUS_EDITED = 5,    /* subject status: NOTE_UPDATE for those who echoed it */
    JOB_STANDING_ENDS = 6,    /* subject account or status: its standing's end was reached */
    JOB_MEDIA_REMOVE = 7,     /* payload file: delete it when no row uses it */
    JOB_SWEEP = 8,            /* expired tickets, claims, mutes, uploads */
    JOB_PROFILE_NAMED = 9,    /* subject account: whom its profile names, where that was never looked up (0014) */
    JOB_PUSH = 20,            /* subject notification: a JOB_PUSH_SEND for each app that wants to know */
    JOB_PUSH_SEND = 21,       /* subject notification, payload session: one message to one push service (JOBS_ABROAD) */
    /* 30 to 39 may take minutes (JOBS_LONG) */
    JOB_MEDIA_MAKE = 30,        /* subject media: what was put aside becomes a file */
    JOB_MEDIA_SEND = 31,        /* payload file: to the object store */
    JOB_IMPORT = 32,            /* subject import, payload its place: one batch of it */
    JOB_ARCHIVE_MAKE = 33,      /* subject archive: all that a member wrote becomes a file */
    JOB_POLL_ENDED = 60,        /* subject status, payload "end:voter": NOTE_POLL for the author and those who voted */
    JOB_SCHEDULED_PUBLISH = 62, /* subject a row of `scheduled`: publish it */
    JOB_CARD_FETCH = 63, /* payload an address, subject its card: read what the page says of itself (JOBS_ABROAD) */
    JOB_POLL_RESET = 61, /* subject status, payload "voter": votes of former rounds go */
};

struct job {
    int64_t id;
    enum job_kind kind;
    int64_t subject;
    struct str payload;
    int64_t due_ms;
    int64_t tries;
    struct str error; /* of the last try */
    int64_t created_ms;
};

/* Inside the caller's transaction. The job lives at the bucket of `subject`. */
enum err store_job_add(struct ctx *c, enum job_kind kind, int64_t subject, struct str payload,
                       int64_t due_ms) NODISCARD;
/* Runners of their own for what takes minutes (30 to 39), and for what waits for servers of strangers (push messages,
   pages of links), who may be slow on purpose: neither holds up a mail. */
enum job_lane { JOBS_SHORT = 0, JOBS_LONG = 1, JOBS_ABROAD = 2 };
/* What one runner does: of the jobs of a lane every `of`-th, by id, so that no two take the same. */
struct job_share {
    enum job_lane lane;
    int64_t part; /* 0..of-1 */
    int64_t of;
};
/* The waiting jobs that are due, oldest first; of a share, or (NULL) all. No lock is taken on rows. */
enum err store_job_due(struct ctx *c, int64_t now_ms, const struct job_share *share, int64_t limit, struct job **out,
                       int64_t *n) NODISCARD;
enum err store_job_done(struct ctx *c, const struct job *j) NODISCARD;
enum err store_job_retry(struct ctx *c, const struct job *j, int64_t due_ms, struct str error) NODISCARD;
enum err store_job_bury(struct ctx *c, const struct job *j, struct str error) NODISCARD; /* to the dead letters */
enum err store_job_dead(struct ctx *c, int64_t limit, struct job **out, int64_t *n) NODISCARD;
/* Due now and as if never tried, whether it waits or is a dead letter. ERR_NOT_FOUND. */
enum err store_job_revive(struct ctx *c, int64_t id, int64_t now_ms) NODISCARD;
struct job_count {
    int64_t kind;
    bool dead;
    int64_t n;
};
/* All shards, for the operator: how many of each kind wait and are dead, `max` rows at most; and the first that is due.
 */
enum err store_job_kinds(struct ctx *c, struct job_count *out, int64_t max, int64_t *n,
                         int64_t *oldest_due_ms) NODISCARD;
enum err store_job_counts(struct ctx *c, int64_t *waiting, int64_t *dead, int64_t *oldest_due_ms) NODISCARD;
