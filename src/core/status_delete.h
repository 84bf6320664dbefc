/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/status.h"

/* Deletion is real: the row and what belongs to it go at once, with the first STATUS_SWEEP_BATCH of the favourites and
   echoes that others hung on it; the rest goes by JOB_STATUS_REMOVED, and so does its id out of the answers to it. What
   stays: whom they answer, their place in the thread, and, for an hour, the claim of its idempotency key, so that a
   late retry does not bring it back. */
#define STATUS_SWEEP_BATCH 200

/* c->me's own with its files; an echo is taken back. Gives the row as it was. */
enum err status_delete(struct ctx *c, int64_t id, struct status **out) NODISCARD;
/* The same for whoever may write it anew: its attachments are served to nobody, and wait for a while to be used again
   (core/attachment.h). */
enum err status_withdraw(struct ctx *c, int64_t id, struct status **out) NODISCARD;
/* The same for whoever may delete any: an account that goes away. The caller judged that. */
enum err status_remove(struct ctx *c, const struct status *s) NODISCARD;
/* For JOB_STATUS_REMOVED; idempotent: favourites, echoes, bookmarks and notifications that are left, in batches. */
enum err status_sweep(struct ctx *c, int64_t id) NODISCARD;
/* Likewise: its answers in the thread answer nothing any more. */
enum err status_orphan(struct ctx *c, int64_t id, int64_t thread_id) NODISCARD;
