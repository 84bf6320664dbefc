/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* For jobs: telling many about one parley, a transaction a batch. A job may run twice: who was told before is told anew
   and not again. A parley that is gone tells nobody. */
#define STATUS_TELL_BATCH 80

enum err status_tell_followers(struct ctx *c, int64_t id) NODISCARD; /* NOTE_STATUS to followers who asked */
enum err status_tell_echoers(struct ctx *c, int64_t id) NODISCARD;   /* NOTE_UPDATE to those who echoed it */
