/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/notification.h"

/* The table `notification`, at the bucket of who is told. Writes run inside the caller's transaction. Any thread. */

/* Sets n->id. */
enum err store_notification_insert(struct ctx *c, struct notification *n) NODISCARD;
/* Takes back what one account told another about a parley: an unfavourite, an unecho. status_id 0: about nothing
 * (follows). */
enum err store_notification_retract(struct ctx *c, int64_t account_id, enum notification_type type, int64_t from_id,
                                    int64_t status_id) NODISCARD;
/* The same for many who were told: so that a job that runs twice tells once. */
enum err store_notification_retract_many(struct ctx *c, const int64_t *ids, int64_t n, enum notification_type type,
                                         int64_t from_id, int64_t status_id) NODISCARD;
/* All about a parley that the accounts of ids were told. */
enum err store_notification_delete_status(struct ctx *c, int64_t status_id, const int64_t *ids, int64_t n) NODISCARD;
/* The same, whoever was told: asks every bucket. For jobs only. */
enum err store_notification_sweep_status(struct ctx *c, int64_t status_id) NODISCARD;
