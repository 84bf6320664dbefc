/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/announcement.h"
#include "store/announcement.h"

/* What the operator (at the command line) and the owner (by page) tell everybody: shown from when it is written until
   it ends or is taken down. Who may write is the caller's to ask. Open streams are told. Any thread with c->db. */
#define ANNOUNCEMENT_TEXT_MAX 5000 /* graphemes */
#define REACTION_KINDS_MAX    8    /* of one announcement */

/* Text and times of *a; sets the rest. ERR_INVALID says what is wrong. */
enum err announcement_add(struct ctx *c, struct announcement *a) NODISCARD;
enum err announcement_edit(struct ctx *c, struct announcement *a) NODISCARD; /* ERR_NOT_FOUND */
enum err announcement_remove(struct ctx *c, int64_t id) NODISCARD;           /* ERR_NOT_FOUND */
enum err announcement_get(struct ctx *c, int64_t id, struct announcement *out) NODISCARD;

struct announcements {
    struct announcement *rows; /* newest first */
    int64_t n;
    bool *read; /* c->me dismissed it */
    struct reaction *reactions;
    int64_t reactions_n;
};
/* What is shown now; `all`: also what ended. */
enum err announcement_list(struct ctx *c, bool all, struct announcements *out) NODISCARD;
/* ERR_NOT_FOUND unless it is shown now. */
enum err announcement_dismiss(struct ctx *c, int64_t id) NODISCARD;
enum err announcement_react(struct ctx *c, int64_t id, struct str name) NODISCARD;
enum err announcement_unreact(struct ctx *c, int64_t id, struct str name) NODISCARD;
/* Takes back all that c->me reacted and dismissed: inside the caller's transaction. */
enum err announcement_leave(struct ctx *c, int64_t account_id) NODISCARD;

/* The wire's form, which open streams are told as well: there `mine` is false, and it says nothing of one reader. */
struct jw;
void announcement_put(struct ctx *c, struct jw *w, const struct announcements *all, int64_t i, bool mine);
