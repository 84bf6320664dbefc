/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/conversation.h"
#include "model/page.h"

/* Rows of `conversation` and `conversation_status`, all at the bucket of whose they are. On PostgreSQL the conversation
   is locked before its parleys change. Any thread with c->db. */

/* Puts s into the conversation of these people, which is made when there is none; sets cv->id. last_status_id is s's
   id. With `quiet` a conversation that there is stays as unread as it was. */
enum err store_conversation_put(struct ctx *c, struct conversation *cv, bool quiet) NODISCARD;
/* Takes a parley out of the member's conversation, which goes away when nothing is left. *id: which it was; 0: none. */
enum err store_conversation_take(struct ctx *c, int64_t account_id, int64_t status_id, int64_t *id) NODISCARD;
enum err store_conversation_find(struct ctx *c, int64_t account_id, int64_t id, struct conversation **out) NODISCARD;
/* Which of the member's conversations holds a parley; 0: none. */
enum err store_conversation_holding(struct ctx *c, int64_t account_id, int64_t status_id, int64_t *id) NODISCARD;
enum err store_conversation_set_read(struct ctx *c, int64_t account_id, int64_t id) NODISCARD;
enum err store_conversation_delete(struct ctx *c, int64_t account_id, int64_t id) NODISCARD;
enum err store_conversation_clear(struct ctx *c, int64_t account_id) NODISCARD; /* all of a member's */

/* Pages go by last_status_id. */
enum err store_conversation_list(struct ctx *c, int64_t account_id, const struct page *p, struct conversation **out,
                                 int64_t *n) NODISCARD;
/* The newest unread ones; out has room for max. */
enum err store_conversation_unread(struct ctx *c, int64_t account_id, int64_t max, struct conversation *out,
                                   int64_t *n) NODISCARD;
/* Pages of parleys: of one conversation, and of all of a member's. */
enum err store_conversation_statuses(struct ctx *c, int64_t conversation_id, const struct page *p,
                                     struct page_row **out, int64_t *n) NODISCARD;
enum err store_conversation_status_list(struct ctx *c, int64_t account_id, const struct page *p, struct page_row **out,
                                        int64_t *n) NODISCARD;
