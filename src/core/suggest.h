/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/page.h"

/* People to follow: suggestions to a member, and the directory for everybody. Only who lets themselves be found
   (discoverable) and is of normal standing. Any thread with c->db. */

/* For c->me: whom those follow whom c->me follows, the most common first (of the newest SUGGEST_FRIENDS_MAX that c->me
   follows the newest SUGGEST_EACH_MAX each; nobody through somebody who hides whom they follow); then who was followed
   most lately, then who wrote what is liked most. Nobody whom c->me follows, asked to follow, blocks, is blocked by,
   mutes or does not want to be offered. */
#define SUGGEST_FRIENDS_MAX   30
#define SUGGEST_EACH_MAX      40
#define SUGGEST_MET_MAX       200
#define SUGGEST_DISMISSED_MAX 5000 /* of one member */
enum suggest_source { SUGGEST_FRIENDS = 1, SUGGEST_FOLLOWED = 2, SUGGEST_LIKED = 4 };

struct suggestion {
    int64_t id;
    unsigned sources; /* enum suggest_source bits */
};
enum err suggest(struct ctx *c, int64_t limit, struct suggestion **out, int64_t *n) NODISCARD;
/* Not offered again. Once or again. ERR_NOT_FOUND: there is no such account. */
enum err suggest_dismiss(struct ctx *c, int64_t account_id) NODISCARD;

/* By offset and limit. NEW: everybody, the newest first. ACTIVE: who wrote in public lately (among the newest
   DIRECTORY_AMONG public parleys), the latest first. Without whom c->me blocks, is blocked by, or mutes. *more: the
   list goes on. */
#define DIRECTORY_AMONG 800
enum directory_order { DIRECTORY_ACTIVE, DIRECTORY_NEW };
enum err directory(struct ctx *c, enum directory_order order, const struct page *p, int64_t **ids, int64_t *n,
                   bool *more) NODISCARD;
