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
    bool filtered_too;  /* also what waits for a decision */
    bool of_status;     /* only about status_id, which may be 0; not together with from_id */
    int64_t status_id;
};
/* Newest first; allocates *out. */
enum err store_notification_list(struct ctx *c, const struct notification_filter *f, const struct page *p,
                                 struct notification **out, int64_t *n) NODISCARD;
enum err store_notification_find(struct ctx *c, int64_t id, struct notification **out) NODISCARD; /* NULL: none */
enum err store_notification_delete(struct ctx *c, int64_t account_id, int64_t id) NODISCARD;
enum err store_notification_clear(struct ctx *c, int64_t account_id) NODISCARD; /* all of one's */
/* All that from_id told account_id. */
enum err store_notification_delete_from(struct ctx *c, int64_t account_id, int64_t from_id) NODISCARD;

/* What is set aside (filtered): one request for each person it is from, whose id is theirs. */
enum err store_notification_requests(struct ctx *c, int64_t account_id, const struct page *p,
                                     struct notification_request **out, int64_t *n) NODISCARD;
/* How many people and notifications, counted up to limit notifications. from_id 0: of anybody. */
enum err store_notification_waiting(struct ctx *c, int64_t account_id, int64_t from_id, int64_t limit, int64_t *people,
                                    int64_t *notes) NODISCARD;
/* Shown from now on; or gone. */
enum err store_notification_release(struct ctx *c, int64_t account_id, const int64_t *from, int64_t n) NODISCARD;
enum err store_notification_refuse(struct ctx *c, int64_t account_id, const int64_t *from, int64_t n) NODISCARD;

/* Groups: the same done to the same within one span of time, which is a part of the id. */
#define NOTE_SPAN_MS (12 * INT64_C(3600000))
struct notification_tally {
    enum notification_type type;
    int64_t status_id;
    int64_t span; /* milliseconds of the id by NOTE_SPAN_MS */
    int64_t n;
    int64_t newest_id;
};
/* How many there are in each group of these statuses (0: about none) from least_id on, newest groups first. */
enum err store_notification_tally(struct ctx *c, const struct notification_filter *f, const int64_t *statuses,
                                  int64_t statuses_n, int64_t least_id, struct notification_tally *out, int64_t room,
                                  int64_t *n) NODISCARD;
/* Those of f's types about f's status between two ids. */
enum err store_notification_delete_span(struct ctx *c, const struct notification_filter *f, int64_t above,
                                        int64_t below) NODISCARD;
