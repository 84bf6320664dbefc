/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/notification.h"
#include "model/page.h"

/* The table `notification`, at the bucket of who is told. Writes run inside the caller's transaction. Any thread. */

/* Sets n->id. Open streams of n->account_id are told once it is committed, and a job tells apps that asked for pushes.
 */
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

/* What a list of notifications is asked for. */
struct notification_filter {
    int64_t account_id; /* whose */
    int64_t from_id;    /* 0: from anybody */
    uint64_t types;     /* bits 1 << enum notification_type */
};
/* Newest first; allocates *out. */
enum err store_notification_list(struct ctx *c, const struct notification_filter *f, const struct page *p,
                                 struct notification **out, int64_t *n) NODISCARD;
enum err store_notification_find(struct ctx *c, int64_t id, struct notification **out) NODISCARD; /* NULL: none */
enum err store_notification_delete(struct ctx *c, int64_t account_id, int64_t id) NODISCARD;
enum err store_notification_clear(struct ctx *c, int64_t account_id) NODISCARD; /* all of one's */
/* All that from_id told account_id. */
enum err store_notification_delete_from(struct ctx *c, int64_t account_id, int64_t from_id) NODISCARD;
