/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

#include "media/blurhash.h"
#include "media/helper.h"
#include "model/media.h"

#define QUALITY         82
#define PREVIEW_QUALITY 72
#define EFFORT          2 /* of 0 to 6: what is gained above is a few per cent */
#define BLUR_EDGE       32

#define NO_PICTURE      "cannot be read as a picture"

struct size {
    int width;
    int height;
    VipsSize how;
    VipsInteresting crop;
};

static const struct size sizes[TASKS] = {
    [TASK_AVATAR] = { 400, 400, VIPS_SIZE_BOTH, VIPS_INTERESTING_CENTRE },
    [TASK_HEADER] = { 1500, 500, VIPS_SIZE_BOTH, VIPS_INTERESTING_CENTRE },
    [TASK_IMAGE] = { IMAGE_EDGE, IMAGE_EDGE, VIPS_SIZE_DOWN, VIPS_INTERESTING_NONE },
    [TASK_EMOJI] = { EMOJI_EDGE, EMOJI_EDGE, VIPS_SIZE_DOWN, VIPS_INTERESTING_NONE },
    [TASK_COVER] = { PREVIEW_EDGE, PREVIEW_EDGE, VIPS_SIZE_DOWN, VIPS_INTERESTING_NONE },
};

static void say_nothing(const char *domain, GLogLevelFlags level, const char *text, void *arg)
{
    (void)domain;
    (void)level;
    (void)text;
    (void)arg;
}

void helper_image_start(void)
{
    (void)setenv("VIPS_NOVECTOR", "1", 1); /* it makes machine code, which the confinement forbids */
    if (vips_init("parley-media") != 0)
        abort();
    (void)g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, say_nothing, NULL);
    vips_block_untrusted_set(TRUE); /* loaders that were not fuzzed: PDF, SVG, ImageMagick ... */
    vips_concurrency_set(1);
    vips_cache_set_max(0);
}

/* Only GIF and WebP are loaded with their frames: a HEIC's further pictures are no film. */
static int frames_of(const VipsImage *image)
{
    const char *loader = NULL;
    int n = vips_image_get_n_pages((VipsImage *)(uintptr_t)image);
    if (vips_image_get_string(image, VIPS_META_LOADER, &loader) != 0)
        return 1;
    return g_str_has_prefix(loader, "gif") || g_str_has_prefix(loader, "webp") ? n : 1;
}

/* The size that the file declares; nothing is decoded yet. *moves: an emoji of several frames. */
static bool check_pixels(const void *in, size_t n, enum media_task what, struct made *m, bool *moves)
{
    VipsImage *image = vips_image_new_from_buffer(in, n, "", NULL);
    if (image == NULL)
        return made_refuse(m, NO_PICTURE);
    int frames = what == TASK_EMOJI ? frames_of(image) : 1;
    int64_t pixels = (int64_t)vips_image_get_width(image) * vips_image_get_height(image) * frames;
    g_object_unref(image);
    *moves = frames > 1;
    if (frames > EMOJI_FRAMES_MAX)
        return made_refuse(m, "has too many frames (maximum is 250)");
    return pixels <= IMAGE_PIXELS_MAX || made_refuse(m, "has too many pixels (maximum is 40 million)");
}

static bool save(VipsImage *image, int quality, unsigned char **out, uint64_t *out_n)
{
    void *bytes = NULL;
    size_t n = 0;
    if (vips_webpsave_buffer(image, &bytes, &n, "Q", quality, "effort", EFFORT, "strip", TRUE, NULL) != 0)
        return false;
    *out = malloc(n + 1);
    if (*out == NULL)
        abort();
    memcpy(*out, bytes, n);
    *out_n = n;
    g_free(bytes);
    return true;
}

/* As bytes of red, green and blue, whatever it was. */
static VipsImage *flat(VipsImage *in)
{
    VipsImage *step[4] = { NULL };
    VipsImage *now = in;
    g_object_ref(in);
    if (vips_image_hasalpha(now) && vips_flatten(now, &step[0], NULL) == 0) {
        g_object_unref(now);
        now = step[0];
    }
    if (vips_colourspace(now, &step[1], VIPS_INTERPRETATION_sRGB, NULL) == 0) {
        g_object_unref(now);
        now = step[1];
    }
    if (vips_cast_uchar(now, &step[2], NULL) == 0) {
        g_object_unref(now);
        now = step[2];
    }
    if (vips_image_get_bands(now) > 3 && vips_extract_band(now, &step[3], 0, "n", 3, NULL) == 0) {
        g_object_unref(now);
        now = step[3];
    }
    return now;
}

static void put_blurhash(VipsImage *image, struct made *m)
{
    VipsImage *small = NULL;
    size_t n = 0;
    if (vips_thumbnail_image(image, &small, BLUR_EDGE, "height", BLUR_EDGE, NULL) != 0)
        return;
    VipsImage *rgb = flat(small);
    unsigned char *p = vips_image_write_to_memory(rgb, &n);
    int width = vips_image_get_width(rgb);
    int height = vips_image_get_height(rgb);
    _Static_assert(BLURHASH_ROOM <= sizeof m->r.blurhash, "room for a blurhash");
    if (p != NULL && n == (size_t)width * (size_t)height * 3)
        blurhash(p, width, height, m->r.blurhash);
    g_free(p);
    g_object_unref(rgb);
    g_object_unref(small);
}

static bool put_preview(VipsImage *image, struct made *m)
{
    VipsImage *small = NULL;
    if (vips_thumbnail_image(image, &small, PREVIEW_EDGE, "height", PREVIEW_EDGE, "size", VIPS_SIZE_DOWN, NULL) != 0)
        return false;
    m->r.preview_width = (uint32_t)vips_image_get_width(small);
    m->r.preview_height = (uint32_t)vips_image_get_height(small);
    bool done = save(small, PREVIEW_QUALITY, &m->preview, &m->r.preview_bytes);
    put_blurhash(small, m);
    g_object_unref(small);
    return done;
}

/* What the file said beside its pixels goes before anything is written: libvips 8.14 writes EXIF in spite of "strip",
   and what a broken one leads to there was found by the fuzzer. */
static VipsImage *bare(VipsImage *image)
{
    VipsImage *copy = NULL;
    if (vips_copy(image, &copy, NULL) != 0)
        return NULL;
    gchar **fields = vips_image_get_fields(copy);
    for (gchar **f = fields; f != NULL && *f != NULL; f++)
        if (g_str_has_prefix(*f, "exif-") || g_str_has_prefix(*f, "xmp-") || g_str_has_prefix(*f, "iptc-")
            || g_str_has_prefix(*f, "icc-") || g_str_has_prefix(*f, "png-comment") || g_str_has_prefix(*f, "heif-"))
            (void)vips_image_remove(copy, *f);
    g_strfreev(fields);
    return copy;
}

/* Decoded once, into memory: everything else is made from there. NULL: not readable. */
static VipsImage *decode(const void *in, size_t n, const struct size *to, bool moves)
{
    const char *options = moves ? "[n=-1,fail_on=truncated]" : "[fail_on=truncated]";
    VipsImage *lazy = NULL;
    if (vips_thumbnail_buffer((void *)(uintptr_t)in, n, &lazy, to->width, "height", to->height, "size", to->how, "crop",
                              to->crop, "export_profile", "srgb", "option_string", options, NULL)
        != 0)
        return NULL;
    VipsImage *image = vips_image_copy_memory(lazy);
    VipsImage *clean = image == NULL ? NULL : bare(image);
    g_object_unref(lazy);
    if (image != NULL)
        g_object_unref(image);
    return clean;
}

static bool put_first_frame(VipsImage *image, struct made *m)
{
    VipsImage *frame = NULL;
    int height = vips_image_get_page_height(image);
    if (vips_crop(image, &frame, 0, 0, vips_image_get_width(image), height, NULL) != 0)
        return false;
    vips_image_set_int(frame, VIPS_META_PAGE_HEIGHT, height);
    m->r.preview_width = m->r.width;
    m->r.preview_height = m->r.height;
    bool done = save(frame, QUALITY, &m->preview, &m->r.preview_bytes);
    g_object_unref(frame);
    return done;
}

static bool make(const void *in, size_t n, enum media_task what, struct made *m)
{
    bool moves = false;
    if (!check_pixels(in, n, what, m, &moves))
        return false;
    VipsImage *image = decode(in, n, &sizes[what], moves);
    if (image == NULL)
        return made_refuse(m, NO_PICTURE);
    m->r.kind = MEDIA_IMAGE;
    m->r.width = (uint32_t)vips_image_get_width(image);
    m->r.height = (uint32_t)vips_image_get_page_height(image);
    bool done = what == TASK_COVER || save(image, QUALITY, &m->bytes, &m->r.bytes);
    if (what == TASK_IMAGE || what == TASK_COVER)
        done = done && put_preview(image, m);
    if (moves)
        done = done && put_first_frame(image, m);
    g_object_unref(image);
    return done || made_refuse(m, NO_PICTURE);
}

bool helper_image(const void *in, size_t n, enum media_task what, struct made *m)
{
    bool done = make(in, n, what, m);
    vips_error_clear();
    return done;
}

bool helper_preview_bytes(const void *in, size_t n, struct made *m)
{
    struct made cover = { 0 };
    bool done = helper_image(in, n, TASK_COVER, &cover);
    m->preview = cover.preview;
    m->r.preview_bytes = cover.r.preview_bytes;
    m->r.preview_width = cover.r.preview_width;
    m->r.preview_height = cover.r.preview_height;
    memcpy(m->r.blurhash, cover.r.blurhash, sizeof cover.r.blurhash);
    return done;
}

bool helper_preview_pixels(const struct pixels *p, struct made *m)
{
    VipsImage *image = vips_image_new_from_memory_copy(p->rgb, (size_t)p->width * (size_t)p->height * 3, p->width,
                                                       p->height, 3, VIPS_FORMAT_UCHAR);
    if (image == NULL)
        return false;
    image->Type = VIPS_INTERPRETATION_sRGB;
    bool done = put_preview(image, m);
    g_object_unref(image);
    vips_error_clear();
    return done;
}
