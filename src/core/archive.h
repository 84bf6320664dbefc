/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/archive.h"

/* All that c->me wrote and kept, in one file to take along: a ZIP with ActivityStreams (actor.json, outbox.json,
   likes.json, bookmarks.json), pictures and files. Made in the background (JOB_ARCHIVE_MAKE), one at a time a member,
   the newest one kept for ARCHIVE_DAYS. Nobody but its member gets it. Any thread with c->db. */
#define ARCHIVE_DAYS   7
#define ARCHIVE_BATCH  200 /* parleys at once; and after so many its progress is told */
#define ARCHIVES_SHOWN 5

const char *archive_state_word(enum archive_state state);
/* What is being made already is given again. */
enum err archive_ask(struct ctx *c, struct archive **out) NODISCARD;
/* The same for whoever runs the server. */
enum err archive_ask_for(struct ctx *c, int64_t account_id, struct archive **out) NODISCARD;
/* Newest first; out has room for ARCHIVES_SHOWN. */
enum err archives_of(struct ctx *c, struct archive *out, int64_t *n) NODISCARD;
enum err archive_own(struct ctx *c, int64_t id, struct archive **out) NODISCARD;     /* ERR_NOT_FOUND */
enum err archive_open(struct ctx *c, int64_t id, int *fd, uint64_t *size) NODISCARD; /* ERR_NOT_FOUND */
enum err archive_remove(struct ctx *c, int64_t id) NODISCARD;

enum err archive_make(struct ctx *c, int64_t id) NODISCARD;    /* JOB_ARCHIVE_MAKE */
enum err archive_give_up(struct ctx *c, int64_t id) NODISCARD; /* it cannot be made */
enum err archives_sweep(struct ctx *c, int64_t limit, int64_t *n) NODISCARD;
enum err archives_clear(struct ctx *c, int64_t account_id) NODISCARD; /* of an account that goes away */
