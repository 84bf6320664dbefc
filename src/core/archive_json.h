/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "core/attachment.h"
#include "model/status.h"

/* A member's parleys as ActivityStreams (W3C), as other servers of this kind write and read them in archives. All on
   c->arena, for c->me. */
struct str archive_json_actor(struct ctx *c);
/* Everything up to the first entry of an ordered collection; the caller closes it with `],"totalItems":N}`. */
struct str archive_json_list_head(struct ctx *c, const char *name);
/* Create of what they wrote, Announce of what they echoed; empty when that is gone. */
enum err archive_json_parley(struct ctx *c, const struct status *s, const struct attachments *files,
                             struct str *out) NODISCARD;
/* The address of a parley, as a JSON string; empty when its author is gone. */
enum err archive_json_link(struct ctx *c, const struct status *s, struct str *out) NODISCARD;
const char *archive_json_file(struct ctx *c, const struct media *m); /* where a file stands in the archive */
