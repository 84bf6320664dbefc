/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/status_page.h"
#include "model/conversation.h"
#include "model/status.h"

/* Conversations of c->me: direct parleys of one thread among the same people. Each of them has their own, written in
   the transaction of the parley; whoever deletes theirs deletes nobody else's, and the next parley makes it anew.

   A conversation is shown while its last parley may be shown and not everybody else in it is blocked: what was hidden
   by a block or mute comes back with its end. It becomes unread by what one is told of (notification policy, mutes);
   what one writes oneself makes it read. Any thread with c->db. */
#define CONVERSATION_ROUNDS_MAX 5  /* pages looked at for one that is shown */
#define CONVERSATION_UNREAD_MAX 20 /* newest unread ones looked at for the mark of the navigation */

/* Inside the transaction of what happened to a parley; nothing unless it is direct. */
enum err conversation_add(struct ctx *c, const struct status *s) NODISCARD; /* c->me wrote it */
enum err conversation_drop(struct ctx *c, const struct status *s) NODISCARD;
/* Other people are named in it now: it leaves the conversation of the former ones. */
enum err conversation_edit(struct ctx *c, const struct status *was, const struct status *now) NODISCARD;

struct talk {
    struct conversation row;
    struct status *last;
    int64_t *people; /* the others as far as c->me may see them; c->me when there is nobody */
    int64_t people_n;
};
struct talk_page {
    struct talk *rows; /* the newest last parley first */
    int64_t n;
    int64_t first; /* ids of last parleys, for links; 0 when nothing is shown */
    int64_t last;
};
enum err conversation_list(struct ctx *c, const struct page *p, struct talk_page *out) NODISCARD;
/* ERR_NOT_FOUND: another's, or not shown. */
enum err conversation_get(struct ctx *c, int64_t id, struct talk *out) NODISCARD;
enum err conversation_read(struct ctx *c, int64_t id, struct talk *out) NODISCARD;
enum err conversation_remove(struct ctx *c, int64_t id) NODISCARD;
/* Its parleys; those of all conversations, as the old timeline of direct parleys has them. */
enum err conversation_statuses(struct ctx *c, int64_t id, const struct page *p, struct status_page *out) NODISCARD;
enum err conversation_timeline(struct ctx *c, const struct page *p, struct status_page *out) NODISCARD;
/* Whether one that is shown is unread. */
enum err conversation_waits(struct ctx *c, bool *out) NODISCARD;
