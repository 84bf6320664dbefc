/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "store/job.h"

/* What a job kind is: one row in kinds.c, one function in a file of its own name. `mail` and `hosts` are the courier's.
 */
struct mail_options;
struct webpush_hosts;
struct job_tools {
    const struct mail_options *mail;
    struct webpush_hosts *hosts;
};
typedef enum err job_fn(struct ctx *c, const struct job_tools *tools, const struct job *j);

struct job_row {
    const char *name;
    job_fn *run;
    int64_t tries_max;
    int64_t backoff_s; /* doubles with each try, with jitter, up to JOB_BACKOFF_MAX_S */
};
#define JOB_BACKOFF_MAX_S 21600

const struct job_row *job_row_of(enum job_kind kind); /* NULL: a kind that this version does not know */

job_fn job_mail;
job_fn job_status_published;
job_fn job_status_removed;
job_fn job_account_remove;
job_fn job_status_edited;
job_fn job_standing_ends;
job_fn job_media_remove;
job_fn job_media_make;
job_fn job_media_send;
job_fn job_import;
job_fn job_archive_make;
job_fn job_profile_named;
job_fn job_push;
job_fn job_push_send;
job_fn job_sweep;
job_fn job_poll_ended;
job_fn job_poll_reset;
job_fn job_card_fetch;
job_fn job_scheduled_publish;
