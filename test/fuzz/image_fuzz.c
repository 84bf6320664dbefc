/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "media/helper.h"
#include "media/sniff.h"
#include "model/media.h"

/* Reading pictures as parley-media does, without its confinement. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    struct made m = { 0 };
    if (!started)
        helper_image_start();
    started = true;
    if (!media_type_is_image(media_sniff((struct str){ (const char *)data, size })))
        return -1; /* the server does not send it */
    if (helper_image(data, size, TASK_IMAGE, &m)) {
        assert(m.r.kind == MEDIA_IMAGE && m.r.width > 0 && m.r.width <= IMAGE_EDGE && m.r.height <= IMAGE_EDGE);
        assert(m.r.bytes > 0 && m.r.preview_bytes > 0 && strlen(m.r.blurhash) < sizeof m.r.blurhash);
    } else {
        assert(m.r.problem[0] != '\0');
    }
    made_free(&m);
    return 0;
}
