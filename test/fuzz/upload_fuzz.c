/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "media/mp4.h"
#include "media/sniff.h"
#include "media/webp.h"

/* What the server itself looks at in an upload and in the helper's answer: never beyond its end, and what was cleaned
   stays clean. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = { (const char *)data, size };
    struct str once = { 0 };
    struct str twice = { 0 };
    struct arena *a = arena_new();
    (void)media_sniff(in);
    (void)media_is_polyglot(in);
    if (webp_strip(a, in, &once))
        assert(webp_strip(a, once, &twice) && str_eq(once, twice));
    char *film = arena_alloc(a, size + 1);
    memcpy(film, data, size);
    if (mp4_strip(film, size)) {
        char *again = arena_alloc(a, size + 1);
        memcpy(again, film, size);
        assert(mp4_strip(again, size) && memcmp(again, film, size) == 0);
        assert(memmem(film, size, "udta", 4) == NULL || size > 16);
    }
    arena_free(&a);
    return 0;
}
