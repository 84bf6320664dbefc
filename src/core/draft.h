/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"
#include "model/saved.h"
#include "model/status_draft.h"

/* What c->me is writing, kept here so that all of their apps have it. Nobody else sees it; nothing of it is checked but
   its size: a draft may be half a thought. A save names the version that it began from, so that of two apps neither
   overwrites the other unseen. Any thread. */
#define DRAFTS_MAX 100 /* of a member */

enum err draft_add(struct ctx *c, const struct status_draft *d, struct saved_draft **out) NODISCARD;
enum err draft_list(struct ctx *c, const struct page *p, struct saved_draft **out, int64_t *n) NODISCARD;
enum err draft_get(struct ctx *c, int64_t id, struct saved_draft **out) NODISCARD; /* ERR_NOT_FOUND */
/* ERR_CONFLICT: `version` is not the newest. */
enum err draft_save(struct ctx *c, int64_t id, int64_t version, const struct status_draft *d,
                    struct saved_draft **out) NODISCARD;
enum err draft_remove(struct ctx *c, int64_t id) NODISCARD;
