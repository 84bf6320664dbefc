/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "media/helper.h"
#include "media/sniff.h"
#include "model/media.h"

/* Reading video and sound as parley-media does, without its confinement. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    struct made m = { 0 };
    enum media_type type = media_sniff((struct str){ (const char *)data, size });
    if (!started)
        helper_image_start();
    started = true;
    if (type == TYPE_UNKNOWN || media_type_is_image(type))
        return -1; /* the server does not send it */
    if (helper_av(data, size, &m))
        assert(m.r.bytes > 0 && m.r.duration_ms >= 0 && m.r.width <= IMAGE_EDGE && m.r.kind >= MEDIA_IMAGE);
    else
        assert(m.r.problem[0] != '\0');
    made_free(&m);
    return 0;
}
