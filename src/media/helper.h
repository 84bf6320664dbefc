/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "media/bounds.h"
#include "media/result.h"

/* The program parley-media: what touches bytes that strangers made. One process a file, without a name to open a file
   or a socket by (media/confine.c), with limits on processor time, memory and output. helper.c reads and answers;
   helper_image.c asks libvips, helper_av.c FFmpeg's libraries. These functions know nothing of the confinement, so that
   the fuzzers run them, too. */
struct made {
    struct media_result r;
    unsigned char *bytes; /* malloc'ed */
    unsigned char *preview;
    void (*progress)(struct made *m, unsigned permille); /* NULL: nobody looks */
};
void made_free(struct made *m);
bool made_refuse(struct made *m, const char *why); /* false: to return */

struct pixels {
    const unsigned char *rgb; /* 3 bytes a pixel, without padding */
    int width;
    int height;
};

void helper_image_start(void);
bool helper_image(const void *in, size_t n, enum media_task what, struct made *m);
/* The preview and blurhash from pixels or from an encoded picture. */
bool helper_preview_pixels(const struct pixels *p, struct made *m);
bool helper_preview_bytes(const void *in, size_t n, struct made *m);

bool helper_av(const void *in, size_t n, struct made *m);
