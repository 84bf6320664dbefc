/* SPDX-License-Identifier: Apache-2.0 */
#include "core/picture.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vips/vips.h>

#include "base/rng.h"
#include "base/turns.h"
#include "core/refuse.h"
#include "core/webp.h"
#include "model/account.h"
#include "model/site.h"
#include "store/media.h"
#include "store/tx.h"

#define VIPS_SONAME   "libvips.so.42"
#define QUALITY       82
#define BUSY_RETRY_S  5
#define HASH_CHARS    64
#define AVATAR_WIDTH  400
#define AVATAR_HEIGHT 400
#define HEADER_WIDTH  1500
#define HEADER_HEIGHT 500

/* What of libvips is used, found by name when the first picture comes; types from its own header. */
struct vips {
    __typeof__(vips_init) *init;
    __typeof__(vips_block_untrusted_set) *block_untrusted_set;
    __typeof__(vips_concurrency_set) *concurrency_set;
    __typeof__(vips_cache_set_max) *cache_set_max;
    __typeof__(vips_image_new_from_buffer) *image_new_from_buffer;
    __typeof__(vips_image_get_width) *image_get_width;
    __typeof__(vips_image_get_height) *image_get_height;
    __typeof__(vips_thumbnail_buffer) *thumbnail_buffer;
    __typeof__(vips_webpsave_buffer) *webpsave_buffer;
    __typeof__(vips_error_buffer) *error_buffer;
    __typeof__(vips_error_clear) *error_clear;
    __typeof__(vips_thread_shutdown) *thread_shutdown;
    __typeof__(g_object_unref) *object_unref;
    __typeof__(g_free) *free;
    __typeof__(g_log_set_handler) *log_set_handler;
};

/* What libvips warns about is said to the client, not to the log: anybody could fill it. */
static void say_nothing(const char *domain, GLogLevelFlags level, const char *text, void *arg)
{
    (void)domain;
    (void)level;
    (void)text;
    (void)arg;
}

static struct turns decoding = TURNS(1, 4);          /* global: so is the memory that a picture takes */
static struct vips vips;                             /* global: a library is the process's; written once */
static bool vips_works;                              /* global: with it */
static pthread_once_t vips_once = PTHREAD_ONCE_INIT; /* global: guards the two */

static void vips_load(void)
{
    static const struct {
        const char *name;
        size_t at;
    } wanted[] = {
        { "vips_init", offsetof(struct vips, init) },
        { "vips_block_untrusted_set", offsetof(struct vips, block_untrusted_set) },
        { "vips_concurrency_set", offsetof(struct vips, concurrency_set) },
        { "vips_cache_set_max", offsetof(struct vips, cache_set_max) },
        { "vips_image_new_from_buffer", offsetof(struct vips, image_new_from_buffer) },
        { "vips_image_get_width", offsetof(struct vips, image_get_width) },
        { "vips_image_get_height", offsetof(struct vips, image_get_height) },
        { "vips_thumbnail_buffer", offsetof(struct vips, thumbnail_buffer) },
        { "vips_webpsave_buffer", offsetof(struct vips, webpsave_buffer) },
        { "vips_error_buffer", offsetof(struct vips, error_buffer) },
        { "vips_error_clear", offsetof(struct vips, error_clear) },
        { "vips_thread_shutdown", offsetof(struct vips, thread_shutdown) },
        { "g_object_unref", offsetof(struct vips, object_unref) },
        { "g_free", offsetof(struct vips, free) },
        { "g_log_set_handler", offsetof(struct vips, log_set_handler) },
    };
    void *lib = dlopen(VIPS_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (lib == NULL)
        return;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        void *f = dlsym(lib, wanted[i].name);
        if (f == NULL)
            return;
        memcpy((char *)&vips + wanted[i].at, &f, sizeof f);
    }
    if (vips.init("parley") != 0)
        return;
    (void)vips.log_set_handler("VIPS", G_LOG_LEVEL_WARNING, say_nothing, NULL);
    vips.block_untrusted_set(TRUE); /* loaders that were not fuzzed: PDF, SVG, ImageMagick ... */
    vips.concurrency_set(1);
    vips.cache_set_max(0);
    vips_works = true;
}

/* --- decoding --- */

static bool has_at(struct str b, size_t at, struct str magic)
{
    return b.n >= at + magic.n && memcmp(b.p + at, magic.p, magic.n) == 0;
}

static bool is_known_type(struct str b)
{
    return has_at(b, 0, (struct str){ "\xFF\xD8\xFF", 3 }) || has_at(b, 0, (struct str){ "\x89PNG\r\n\x1A\n", 8 })
           || has_at(b, 0, STR("GIF87a")) || has_at(b, 0, STR("GIF89a"))
           || (has_at(b, 0, STR("RIFF")) && has_at(b, 8, STR("WEBP"))) || has_at(b, 4, STR("ftypavif"));
}

static enum err refuse_picture(struct ctx *c, enum media_purpose purpose, struct str why)
{
    c->fields = NULL;
    refuse(c, purpose == MEDIA_AVATAR ? STR("avatar") : STR("header"), STR("ERR_INVALID"), why);
    return refused(c);
}

/* The size that the file declares; nothing is decoded yet. */
static enum err check_pixels(struct ctx *c, struct str bytes, enum media_purpose purpose)
{
    VipsImage *in = vips.image_new_from_buffer(bytes.p, bytes.n, "", NULL);
    if (in == NULL)
        return refuse_picture(c, purpose, STR("cannot be read as a picture"));
    int64_t pixels = (int64_t)vips.image_get_width(in) * vips.image_get_height(in);
    vips.object_unref(in);
    if (pixels > PICTURE_PIXELS_MAX)
        return refuse_picture(c, purpose, STR("has too many pixels (maximum is 40 million)"));
    return OK;
}

static enum err convert(struct ctx *c, struct str bytes, enum media_purpose purpose, struct str *webp)
{
    VipsImage *small = NULL;
    void *out = NULL;
    size_t out_n = 0;
    bool avatar = purpose == MEDIA_AVATAR;
    char *copy = arena_alloc(c->arena, bytes.n); /* libvips wants bytes that it could write to */
    memcpy(copy, bytes.p, bytes.n);
    int rc = vips.thumbnail_buffer(copy, bytes.n, &small, avatar ? AVATAR_WIDTH : HEADER_WIDTH, "height",
                                   avatar ? AVATAR_HEIGHT : HEADER_HEIGHT, "crop", VIPS_INTERESTING_CENTRE,
                                   "export_profile", "srgb", "option_string", "[fail_on=truncated]", NULL);
    if (rc == 0)
        rc = vips.webpsave_buffer(small, &out, &out_n, "Q", QUALITY, "strip", TRUE, NULL);
    if (small != NULL)
        vips.object_unref(small);
    bool made = rc == 0 && webp_strip(c->arena, (struct str){ out, out_n }, webp);
    vips.free(out);
    return made ? OK : refuse_picture(c, purpose, STR("cannot be read as a picture"));
}

/* --- files --- */

static struct str path_of(struct ctx *c, struct str hash)
{
    return arena_strf(c->arena, STR_FMT "/media/%.2s/%.62s.webp", STR_ARG(c->site->data_dir), hash.p, hash.p + 2);
}

static enum err make_folder(struct ctx *c, struct str path)
{
    const char *p = arena_cstr(c->arena, path);
    if (mkdir(p, 0700) != 0 && errno != EEXIST)
        return errno == ENOSPC ? fail(c, ERR_NO_SPACE, "The disk of this server is full")
                               : fail_internal(c, "mkdir %s: %s", p, strerror(errno));
    return OK;
}

static bool write_all(int fd, struct str s)
{
    while (s.n > 0) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_skip(s, (size_t)n);
    }
    return fsync(fd) == 0;
}

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return done;
}

/* Whole and on disk before it has its name. */
static enum err write_file(struct ctx *c, struct str hash, struct str bytes)
{
    struct str media = arena_strf(c->arena, STR_FMT "/media", STR_ARG(c->site->data_dir));
    struct str folder = arena_strf(c->arena, STR_FMT "/%.2s", STR_ARG(media), hash.p);
    TRY(make_folder(c, media));
    TRY(make_folder(c, folder));
    const char *path = arena_cstr(c->arena, path_of(c, hash));
    struct str token = rand_token(c->arena);
    const char *tmp = arena_cstr(c->arena, arena_strf(c->arena, "%s." STR_FMT ".tmp", path, STR_ARG(token)));
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool done = fd >= 0 && write_all(fd, bytes);
    int why = errno;
    if (fd >= 0)
        (void)close(fd);
    if (done && rename(tmp, path) == 0 && sync_folder(folder.p))
        return OK;
    if (done)
        why = errno;
    (void)unlink(tmp);
    return why == ENOSPC || why == EDQUOT ? fail(c, ERR_NO_SPACE, "The disk of this server is full")
                                          : fail_internal(c, "%s: %s", path, strerror(why));
}

static enum err decode(struct ctx *c, struct str bytes, enum media_purpose purpose, struct str *webp)
{
    if (!turns_take(&decoding)) {
        c->retry_after_s = BUSY_RETRY_S;
        return fail(c, ERR_UNAVAILABLE, "Too many pictures are being read just now. Try again in a few seconds.");
    }
    enum err e = check_pixels(c, bytes, purpose);
    if (e == OK)
        e = convert(c, bytes, purpose, webp);
    vips.error_clear();
    vips.thread_shutdown();
    turns_give(&decoding);
    return e;
}

enum err picture_make(struct ctx *c, struct str bytes, enum media_purpose purpose, struct media *out)
{
    unsigned char hash[crypto_generichash_BYTES];
    char hex[HASH_CHARS + 1];
    struct str webp = { 0 };
    if (bytes.n > PICTURE_BYTES_MAX)
        return fail(c, ERR_TOO_LARGE, "A picture may have at most 8 MB");
    if (!is_known_type(bytes))
        return refuse_picture(c, purpose, STR("must be a JPEG, PNG, WebP, GIF or AVIF picture"));
    (void)pthread_once(&vips_once, vips_load);
    if (!vips_works)
        return fail_internal(c, "libvips (%s) cannot be loaded: pictures are not taken", VIPS_SONAME);
    TRY(decode(c, bytes, purpose, &webp));
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)webp.p, webp.n, NULL, 0);
    (void)sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    *out = (struct media){
        .account_id = c->me->id,
        .purpose = purpose,
        .hash = arena_str(c->arena, (struct str){ hex, HASH_CHARS }),
        .type = STR("image/webp"),
        .bytes = (int64_t)webp.n,
        .width = purpose == MEDIA_AVATAR ? AVATAR_WIDTH : HEADER_WIDTH,
        .height = purpose == MEDIA_AVATAR ? AVATAR_HEIGHT : HEADER_HEIGHT,
        .created_ms = c->now_ms,
    };
    return write_file(c, out->hash, webp);
}

enum err picture_still_there(struct ctx *c, struct str hash)
{
    return access(path_of(c, hash).p, F_OK) == 0 ? OK : fail(c, ERR_AGAIN, "The picture was removed meanwhile");
}

enum err picture_remove_unused(struct ctx *c, struct str hash)
{
    TX tx = { 0 };
    bool used = true;
    if (hash.n != HASH_CHARS)
        return OK;
    TRY(tx_begin(c, &tx)); /* no use can be stored between the question and the removal */
    TRY(store_media_is_used(c, hash, &used));
    if (!used && unlink(path_of(c, hash).p) != 0 && errno != ENOENT)
        return fail_internal(c, "%s: %s", path_of(c, hash).p, strerror(errno));
    return tx_commit(&tx);
}

enum err picture_open(struct ctx *c, struct str hash, int *fd, uint64_t *size)
{
    struct stat st = { 0 };
    *fd = -1;
    bool hex = hash.n == HASH_CHARS;
    for (size_t i = 0; i < hash.n && hex; i++)
        hex = isdigit((unsigned char)hash.p[i]) || (hash.p[i] >= 'a' && hash.p[i] <= 'f');
    if (!hex)
        return OK;
    *fd = open(path_of(c, hash).p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0)
        return errno == ENOENT ? OK : fail_internal(c, "media: %s", strerror(errno));
    if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)close(*fd);
        *fd = -1;
        return OK;
    }
    *size = (uint64_t)st.st_size;
    return OK;
}
