/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "core/archive.h"
#include "core/attachment_work.h"
#include "core/import.h"
#include "core/media_care.h"
#include "core/trend.h"
#include "jobs/kinds.h"
#include "store/claim.h"
#include "store/mute.h"
#include "store/ticket.h"
#include "store/trend.h"
#include "store/tx.h"

#define SWEEP_ROWS_MAX 500 /* in one transaction: others wait for it */
#define SWEEP_ROUNDS   200
#define UPLOADS_MAX    50
#define LEFT_BEHIND_MS (6 * HOUR_MS) /* a sweep an hour sees each new file a few times */

/* Deletes what has expired, in small transactions, as long as there is some. */
static enum err sweep_once(struct ctx *c, int64_t *n)
{
    TX tx = { 0 };
    int64_t claims = 0;
    int64_t tickets = 0;
    int64_t mutes = 0;
    TRY(tx_begin(c, &tx));
    TRY(store_claim_sweep(c, SWEEP_ROWS_MAX, &claims));
    TRY(store_ticket_sweep(c, SWEEP_ROWS_MAX, &tickets));
    TRY(store_mute_sweep(c, SWEEP_ROWS_MAX, &mutes));
    TRY(store_trend_review_sweep(c, c->now_ms - TREND_SWEEP_MS));
    *n = claims > tickets ? claims : tickets;
    *n = mutes > *n ? mutes : *n;
    return tx_commit(&tx);
}

enum err job_sweep(struct ctx *c, const struct job_tools *tools, const struct job *j)
{
    int64_t n = SWEEP_ROWS_MAX;
    struct media_checked checked = { 0 };
    (void)tools;
    (void)j;
    for (int round = 0; round < SWEEP_ROUNDS && n == SWEEP_ROWS_MAX; round++)
        TRY(sweep_once(c, &n));
    n = UPLOADS_MAX;
    for (int round = 0; round < SWEEP_ROUNDS && n == UPLOADS_MAX; round++)
        TRY(attachments_sweep(c, UPLOADS_MAX, &n));
    n = UPLOADS_MAX;
    for (int round = 0; round < SWEEP_ROUNDS && n == UPLOADS_MAX; round++)
        TRY(archives_sweep(c, UPLOADS_MAX, &n));
    TRY(imports_sweep(c, c->now_ms - LEFT_BEHIND_MS));
    return media_check(c, true, LEFT_BEHIND_MS, &checked);
}
