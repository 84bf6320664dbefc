/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"

/* A file without a name in the data folder, for an answer that is too long for memory: written from front to end, then
   handed to whoever sends it. Gone with its last descriptor. Runs on: any thread that may block. */
#define SPOOL_BUFFER ((size_t)64 * 1024)
struct spool {
    int fd; /* 0: not open */
    uint64_t size;
    char *buffer;
    size_t held;
};
void spool_fini(struct spool *s);
#define SPOOL CLEANUP(spool_fini) struct spool

enum err spool_open(struct ctx *c, struct spool *s) NODISCARD;
enum err spool_put(struct ctx *c, struct spool *s, struct str bytes) NODISCARD; /* ERR_NO_SPACE */
/* Hands the descriptor over, positioned at its beginning. */
enum err spool_end(struct ctx *c, struct spool *s, int *fd, uint64_t *size) NODISCARD;
