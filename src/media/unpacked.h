/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "media/unpack.h"

/* An archive that a member brought, while it is worked on: as it came in DATA/archives/ID.upload, and what the helper
   found in it in DATA/archives/ID.found (media/unpack.h). Both are named by the import and go with it. The server
   believes nothing of what is found: places are checked, texts are read as any request's. Runs on: any thread that may
   block; no transaction may be open. */
enum err upload_put(struct ctx *c, int64_t id, struct str bytes) NODISCARD; /* ERR_NO_SPACE */
enum err upload_copy(struct ctx *c, int64_t id, const char *from,
                     int64_t max) NODISCARD;                 /* ERR_NOT_FOUND, ERR_TOO_LARGE */
enum err upload_remove(struct ctx *c, int64_t id) NODISCARD; /* all of it */
/* What nobody wrote to since `before_ms`: files that were never finished are removed; of the others the ids behind
   `after`, the first `max` in ascending order, for whoever knows whether they are still wanted. */
enum err uploads_left(struct ctx *c, int64_t before_ms, int64_t after, int64_t *ids, int64_t max, int64_t *n) NODISCARD;

/* Makes the second of the first, and takes the first away. Again after a kill; does nothing when it is done.
   ERR_INVALID: what the archive is not. */
enum err upload_unpack(struct ctx *c, int64_t id) NODISCARD;

struct unpacked {
    int fd;
    int64_t size;
    struct unpack_head head;
};
void unpacked_fini(struct unpacked *u);
#define UNPACKED CLEANUP(unpacked_fini) struct unpacked
enum err unpacked_open(struct ctx *c, int64_t id, struct unpacked *out) NODISCARD;
/* The JSON of the nth parley by time. */
enum err unpacked_post(struct ctx *c, const struct unpacked *u, int64_t n, struct str *json) NODISCARD;
enum err unpacked_file(struct ctx *c, const struct unpacked *u, uint64_t key,
                       struct str *bytes) NODISCARD; /* p == NULL */
