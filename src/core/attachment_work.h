/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "media/sniff.h"
#include "model/media.h"

/* From an upload to what is kept of it. The upload itself lies nowhere but in memory, or, while it waits for its turn,
   on the disk under a key of its own (media/file.h) that stands, sealed, in its row and goes with it. */

/* What it is and whether it is taken at all: type, size, nothing else at the same time. */
enum err attachment_judge(struct ctx *c, struct str bytes, enum media_type *type) NODISCARD;
/* Makes it of what was judged and writes the files; fills all that follows from the content. No transaction may be
   open. */
enum err attachment_make(struct ctx *c, struct str bytes, enum media_type type, struct media *m) NODISCARD;
/* A picture becomes the preview. */
enum err attachment_cover(struct ctx *c, struct str bytes, struct media *m) NODISCARD;
/* Puts the upload aside, sealed: fills m->seal. The row and its job are the caller's to store. */
enum err attachment_put_aside(struct ctx *c, struct str bytes, struct media *m) NODISCARD;
/* JOB_MEDIA_MAKE. */
enum err attachment_work(struct ctx *c, int64_t id) NODISCARD;
/* The row went or its upload is done with: what was put aside goes. Cheap; any time. */
enum err attachment_forget_upload(struct ctx *c, const struct media *m) NODISCARD;
/* A row with all that hangs on it, inside a transaction. */
enum err attachment_drop(struct ctx *c, const struct media *m) NODISCARD;
/* For the job that sweeps: what expired, a batch. */
enum err attachments_sweep(struct ctx *c, int64_t limit, int64_t *n) NODISCARD;
