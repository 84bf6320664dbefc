/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/kinds.h"

#include "base/metrics.h"

/* clang-format off */
static const struct job_row rows[] = {
    /*                        name               function              tries  back-off s */
    [JOB_MAIL]             = { "mail",             job_mail,             12,    60 },
    [JOB_STATUS_PUBLISHED] = { "status_published", job_status_published, 8,     5 },
    [JOB_STATUS_REMOVED]   = { "status_removed",   job_status_removed,   20,    2 },
    [JOB_ACCOUNT_REMOVE]   = { "account_remove",   job_account_remove,   20,    30 },
    [JOB_STATUS_EDITED]    = { "status_edited",    job_status_edited,    8,     5 },
    [JOB_STANDING_ENDS]    = { "standing_ends",    job_standing_ends,    20,    30 },
    [JOB_MEDIA_REMOVE]     = { "media_remove",     job_media_remove,     20,    30 },
    [JOB_SWEEP]            = { "sweep",            job_sweep,            3,     60 },
    [JOB_PROFILE_NAMED]    = { "profile_named",    job_profile_named,    8,     30 },
    [JOB_MEDIA_MAKE]       = { "media_make",       job_media_make,       6,     10 },
    [JOB_MEDIA_SEND]       = { "media_send",       job_media_send,       20,    10 },
    [JOB_IMPORT]           = { "import",           job_import,           12,    10 },
    [JOB_ARCHIVE_MAKE]     = { "archive_make",     job_archive_make,     5,     30 },
    [JOB_POLL_ENDED]       = { "poll_ended",       job_poll_ended,       20,    5 },
    [JOB_SCHEDULED_PUBLISH] = { "scheduled_publish", job_scheduled_publish, 20, 5 },
    [JOB_CARD_FETCH] = { "card_fetch", job_card_fetch, 3, 30 },
    [JOB_POLL_RESET]       = { "poll_reset",       job_poll_reset,       20,    5 },
    [JOB_PUSH]             = { "push",             job_push,             8,     5 },
    [JOB_PUSH_SEND]        = { "push_send",        job_push_send,        8,     30 },
};
/* clang-format on */
_Static_assert(sizeof rows / sizeof rows[0] <= METRIC_JOBS, "every kind has figures");

const struct job_row *job_row_of(enum job_kind kind)
{
    size_t i = (size_t)kind;
    return i < sizeof rows / sizeof rows[0] && rows[i].run != NULL ? &rows[i] : NULL;
}
