/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "model/account.h"
#include "model/media.h"
#include "model/status.h"
#include "model/status_draft.h"

/* What is attached to parleys: uploads of c->me, their descriptions, and their way into a parley and out of it. The
   files: media/file.h; what is made of an upload: core/attachment_work.h; who may see it: whoever may see its address,
   which nobody can guess, as long as the parley is shown to anybody. Any thread with c->db. */
#define ATTACHMENTS_MAX              4    /* of one parley */
#define ATTACHMENT_DESCRIPTION_MAX   1500 /* characters */
#define ATTACHMENT_WAITING_MAX       8    /* of one member, to be worked on */
#define ATTACHMENT_UNUSED_HOURS      24   /* after it, what was attached to nothing goes */
#define ATTACHMENT_WITHDRAWN_MINUTES 60   /* how long the attachments of a deleted parley wait to be used again */

struct attachment_upload {
    struct str bytes;
    struct str description; /* p == NULL: none */
    struct str focus;       /* "x,y"; p == NULL: the middle */
    struct str thumbnail;   /* a picture that stands for sound or video; p == NULL: none */
    bool at_once;           /* do not answer before it is ready */
};
/* A row in state MEDIA_READY, or MEDIA_WAITING when a job works on it. ERR_INVALID: not taken; ERR_TOO_LARGE;
   ERR_UNAVAILABLE: too much at once. */
enum err attachment_add(struct ctx *c, const struct attachment_upload *u, struct media **out) NODISCARD;
enum err attachment_own(struct ctx *c, int64_t id, struct media **out) NODISCARD; /* ERR_NOT_FOUND */

struct attachment_edit {
    struct str description; /* p == NULL: as it is */
    struct str focus;
    struct str thumbnail;
};
enum err attachment_edit(struct ctx *c, int64_t id, const struct attachment_edit *e, struct media **out) NODISCARD;
/* ERR_INVALID while a parley has it. */
enum err attachment_delete(struct ctx *c, int64_t id) NODISCARD;

/* The file of an attachment, for whoever asks: `hash` is that of the file or of its preview. ERR_NOT_FOUND. */
enum err attachment_open(struct ctx *c, int64_t id, struct str hash, struct str extension, struct str *type, int *fd,
                         uint64_t *size) NODISCARD;

/* The same of what the moderators withhold, for its author while it is held, and for staff; ERR_NOT_FOUND for anybody
   else, and for what is not withheld. */
enum err attachment_open_withheld(struct ctx *c, int64_t id, struct str hash, struct str extension, struct str *type,
                                  int *fd, uint64_t *size) NODISCARD;
/* Whether the public addresses of a parley's files answer nobody: whoever still sees it is given the others. */
bool attachment_is_withheld(const struct status *s, const struct account *author);

/* --- parleys --- */

/* Before the transaction: s->media of what the draft names. Of an edit (s->id != 0) those that it has already may stay.
   ERR_INVALID: not one's own, not ready, attached elsewhere, too many, sound or video beside others. */
enum err attachments_compose(struct ctx *c, const struct status_draft *d, struct status *s) NODISCARD;
/* Inside the transaction, once s->id is known. `was` is the JSON before the edit; what the edit leaves out goes. */
enum err attachments_attach(struct ctx *c, const struct status_draft *d, const struct status *s,
                            struct str was) NODISCARD;
/* The wishes of a draft would change a description or a focal point. */
enum err attachments_would_change(struct ctx *c, const struct status_draft *d, bool *out) NODISCARD;
/* Inside the transaction that deletes s: kept for a while to be used again, or deleted. */
enum err attachments_release(struct ctx *c, const struct status *s, bool keep) NODISCARD;
/* The JSON that a version keeps: ids and descriptions. */
enum err attachments_version(struct ctx *c, struct str media, struct str *out) NODISCARD;
/* For who keeps a draft or schedules a parley: c->me's own do not go before until_ms. Inside a transaction. */
#define ATTACHMENT_DRAFT_DAYS 30
struct attachments;
enum err attachments_reserve(struct ctx *c, const struct status_draft *d, int64_t until_ms) NODISCARD;
/* Of a draft: what is c->me's and still there. */
enum err attachments_of_draft(struct ctx *c, const struct status_draft *d, struct attachments *out) NODISCARD;

/* What members say of one, into *m; p == NULL: as it is. ERR_INVALID. */
enum err attachment_describe(struct ctx *c, struct str description, struct str focus, struct media *m) NODISCARD;

struct attachments {
    struct media *v[ATTACHMENTS_MAX];
    int64_t n;
};
/* Of each of n parleys (NULL: none), in one statement. */
enum err attachments_load(struct ctx *c, const struct status *const *s, int64_t n, struct attachments *out) NODISCARD;
/* Of a version: with its descriptions then; those that are gone are left out. */
enum err attachments_of_version(struct ctx *c, const struct status_version *v, struct attachments *out) NODISCARD;
