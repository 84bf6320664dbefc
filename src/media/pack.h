/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* Archives in DATA/archives. One that is made is a ZIP file (libarchive writes it): text is packed, files are stored as
   they are. It has its name once it is whole and on the disk. Runs on: any thread that may block. */
struct archive_out;
void archive_out_fini(struct archive_out **p); /* what was not finished goes */
#define ARCHIVE_OUT CLEANUP(archive_out_fini) struct archive_out *

enum err archive_out_open(struct ctx *c, int64_t id, struct archive_out **out) NODISCARD;
/* A file of `size` bytes from a descriptor; `packs`: text. */
enum err archive_out_file(struct ctx *c, struct archive_out *p, const char *name, int fd, uint64_t size,
                          bool packs) NODISCARD;
enum err archive_out_bytes(struct ctx *c, struct archive_out *p, const char *name, struct str bytes) NODISCARD;
enum err archive_out_end(struct ctx *c, struct archive_out **p, int64_t *bytes) NODISCARD;

const char *archive_path(struct ctx *c, int64_t id);
enum err archive_file_open(struct ctx *c, int64_t id, int *fd, uint64_t *size) NODISCARD; /* *fd < 0: not there */
enum err archive_file_remove(struct ctx *c, int64_t id) NODISCARD;
