/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

/* What the helper is asked (its arguments) and what it answers: this head at the start of its standard output, a file,
   then the bytes of what was made, then those of the small copy. The server believes none of it: media/run.c checks. */
enum media_task {
    TASK_AVATAR,
    TASK_HEADER,
    TASK_IMAGE,  /* and its preview */
    TASK_COVER,  /* a preview alone: a picture that shall stand for sound or a video */
    TASK_AV,     /* what moves or sounds */
    TASK_UNPACK, /* an archive of parleys: no head of this kind, see media/unpack.h */
    TASK_EMOJI,  /* may move; then the first frame is the small copy */
    TASKS
};

enum media_outcome { OUTCOME_RUNNING = 0, OUTCOME_MADE = 1, OUTCOME_REFUSED = 2 };

#define RESULT_MAGIC 0x4D455331 /* "1SEM" */
struct media_result {
    uint32_t magic;
    uint32_t outcome;  /* enum media_outcome */
    uint32_t permille; /* of a long work */
    uint32_t kind;     /* enum media_kind */
    uint32_t width, height;
    uint32_t preview_width, preview_height; /* 0: no preview */
    uint32_t rate_num, rate_den;            /* frames a second; 0: does not move */
    int64_t duration_ms;
    uint64_t bytes, preview_bytes;
    char blurhash[48]; /* NUL at the end */
    char problem[128]; /* a sentence's end: "cannot be read as a picture" */
};
