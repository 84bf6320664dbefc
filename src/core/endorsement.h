/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Whom c->me recommends on their page, for everybody to see: people whom they follow. Who is not followed any more is
   not recommended any more. The lists are RELATION_ENDORSED of core/relation.h. Any thread with c->db. */
#define ENDORSEMENTS_MAX 50

/* ERR_INVALID: not followed, or one too many; ERR_NOT_FOUND. Twice is once. */
enum err endorsement_add(struct ctx *c, int64_t target_id) NODISCARD;
enum err endorsement_remove(struct ctx *c, int64_t target_id) NODISCARD;
