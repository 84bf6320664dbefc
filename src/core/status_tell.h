/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* For jobs: telling many about one parley, a transaction a batch. A job may run twice: who was told before is told anew
   and not again. A parley that is gone tells nobody. */
#define STATUS_TELL_BATCH 80

enum err status_tell_followers(struct ctx *c, int64_t id) NODISCARD; /* NOTE_STATUS to followers who asked */
enum err status_tell_echoers(struct ctx *c, int64_t id) NODISCARD;   /* NOTE_UPDATE to those who echoed it */
enum err status_tell_quoters(struct ctx *c, int64_t id) NODISCARD;   /* NOTE_QUOTED_UPDATE to those who quote it */
/* A step: NOTE_POLL to a batch of voters behind `after` (0: the author, too), and a job for the next. Nothing when the
   poll does not end at end_ms any more. */
enum err status_tell_voters(struct ctx *c, int64_t id, int64_t end_ms, int64_t after) NODISCARD;
