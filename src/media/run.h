/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ctx.h"
#include "media/result.h"

/* Asks the helper (parley-media) to make something of an upload: a process for each file, confined, limited in
   processor time, memory, output and real time, of low priority. Blocks until it is done or killed. Runs on: worker,
   job runner; no transaction may be open. Nothing of the upload touches the disk: it goes there and back in memory. */
struct media_ask {
    enum media_task task;
    struct str in;
    int64_t id; /* of the row, for media_running; 0: none */
};

struct media_made {
    struct media_result r;
    struct str bytes; /* p == NULL: none */
    struct str preview;
    void *map; /* what both lie in */
    size_t map_n;
};
void media_made_fini(struct media_made *m);
#define MEDIA_MADE CLEANUP(media_made_fini) struct media_made

/* What comes back holds nothing but pixels and sound: chunks and boxes of other kinds are taken out once more here.
   ERR_INVALID: c->says is "File ..." and why. ERR_UNAVAILABLE: too many at once, with c->retry_after_s. */
enum err media_run(struct ctx *c, const struct media_ask *ask, struct media_made *out) NODISCARD;

/* An archive (media/unpack.h): from one file into another; both descriptors are closed. ERR_INVALID: it was killed, or
   what it holds is too much. */
enum err media_unpack(struct ctx *c, int in, int out) NODISCARD;

/* What runs now, for those who wait: false when it does not. */
bool media_running(int64_t id, int *permille);
struct media_load {
    int running;
    int64_t made; /* since start */
    int64_t refused;
    int64_t killed; /* for taking too long, or by themselves */
    int64_t busy_us;
};
void media_load(struct media_load *out);
