/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/account_page.h"
#include "model/relation.h"

/* How c->me stands to others, and the lists that come of it. Changes: core/follow.h, core/block.h. Any thread with
   c->db. */
#define RELATIONS_MAX    40   /* accounts in one question */
#define ACCOUNT_NOTE_MAX 2000 /* graphemes of a private note */
#define FAMILIAR_MAX     10   /* familiar followers that are named of one account */

/* To each of ids that is there, in their order; the suspended only when asked for (or by moderators). Those who block
   c->me are told of (blocked_by), as the API has it. *out: n relations at most. */
enum err relation_list(struct ctx *c, const int64_t *ids, int64_t ids_n, bool with_suspended, struct relation **out,
                       int64_t *n) NODISCARD;
enum err relation_get(struct ctx *c, int64_t target_id, struct relation *out) NODISCARD; /* ERR_NOT_FOUND */
/* What c->me notes about somebody; empty: nothing any more. */
enum err relation_note(struct ctx *c, int64_t target_id, struct str note) NODISCARD;

enum relation_page {
    RELATION_FOLLOWING, /* of an account: empty when it hides its collections from others */
    RELATION_FOLLOWERS,
    RELATION_ENDORSED, /* whom an account recommends */
    RELATION_BLOCKS,   /* c->me's own */
    RELATION_MUTES,
    RELATION_REQUESTS, /* who asks to follow c->me */
};
/* account_id counts for the first three alone; ERR_NOT_FOUND when it may not be seen. */
enum err relation_accounts(struct ctx *c, enum relation_page which, int64_t account_id, const struct page *p,
                           struct account_page *out) NODISCARD;

struct familiar {
    int64_t id;
    int64_t accounts[FAMILIAR_MAX]; /* whom c->me follows and who follow id */
    int64_t n;
};
/* The oldest of them; nobody of an account that hides its collections, nor somebody who hides theirs. *out: at most
 * ids_n. */
enum err relation_familiar(struct ctx *c, const int64_t *ids, int64_t ids_n, struct familiar **out,
                           int64_t *n) NODISCARD;
